using InMARS.Pipeline.Runs;
using Spectre.Console;

namespace InMARS.Cli.Display;

/// <summary>The results of flows side by side: one row a result, one column a figure that any of them has.</summary>
internal static class ScoreTable
{
    private const string Low = "_low";
    private const string High = "_high";

    public static bool IsScore(FlowReport report) => report.Report.Headline.Any(h => h.Key is "accuracy" or "miou");

    public static Table Of(IReadOnlyList<FlowReport> scores)
    {
        var names = scores.SelectMany(s => s.Report.Headline.Select(h => h.Key)).Distinct().Where(name => !name.EndsWith(High, StringComparison.Ordinal)).ToList();
        var table = new Table().Border(TableBorder.Rounded).AddColumn("results");
        names.ForEach(name => table.AddColumn(new TableColumn(IsInterval(name) ? "95 %" : Plain.Title(name)).RightAligned()));
        foreach (var score in scores)
        {
            var figures = score.Report.Headline.ToDictionary(h => h.Key, h => Plain.Figure(h.Value));
            table.AddRow([Markup.Escape(score.Report.Row is { } row ? $"{score.Flow}: {row}" : score.Flow), .. names.Select(name => Cell(figures, name))]);
        }

        return table;
    }

    private static bool IsInterval(string name) => name.EndsWith(Low, StringComparison.Ordinal);

    /// <summary>An interval stands in one cell: 0.9210-0.9401.</summary>
    private static string Cell(Dictionary<string, string> figures, string name) => figures.GetValueOrDefault(name) switch
    {
        null => "-",
        var low when IsInterval(name) => $"{low}-{figures.GetValueOrDefault(name[..^Low.Length] + High, "")}",
        var figure => figure,
    };
}
