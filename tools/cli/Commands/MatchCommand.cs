using System.CommandLine;
using System.Globalization;
using InMARS.Cli.Display;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Reports;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars match</c>: carries names and colours of clusters from one run to another.</summary>
internal static class MatchCommand
{
    public static Command Make(Shell shell)
    {
        var old = new Argument<string>("OLD") { Description = "Run directory whose names and colours are carried." };
        var made = new Argument<string>("NEW") { Description = "Run directory that gets them; it predicted some of the same images." };
        var overwrite = CommonOptions.Overwrite("Replaces names and colours that were edited in NEW.");
        var command = new CliCommand(
            "match",
            "Carries names and colours of clusters from run OLD to run NEW, by the label maps that both wrote of the same images.",
            "inmars match runs/monday runs/tuesday") { old, made, overwrite };
        command.SetAction(parsed => Match(shell, parsed.GetRequiredValue(old), parsed.GetRequiredValue(made), parsed.GetValue(overwrite)));
        return command;
    }

    private static int Match(Shell shell, string old, string made, bool overwrite)
    {
        var match = RunMatching.Of(old, made, shell.Interrupt);
        var legend = ClusterMatching.Carry(match.Old, match.Pairs);
        var path = Path.Combine(made, ClusterLegend.FileName);
        if (!overwrite && File.Exists(path) && ClusterLegend.Load(path) is { IsDefault: false } edited && edited.Text != legend.Text)
        {
            throw new RunException($"'{path}' was edited or matched before; pass --overwrite to replace it");
        }

        legend.Save(path);
        foreach (var line in Table(match, legend))
        {
            shell.Out.WriteLine(line);
        }

        var others = match.OtherSize > 0 ? $" ({Plain.Count(match.OtherSize)} more, of another size, left out)" : "";
        shell.Out.WriteLine($"Matched on {Plain.Count(match.Images, "image")} of both runs{others}; names and colours are in {path}, and label maps written from now on follow.");
        return ExitCodes.Clean;
    }

    private static IEnumerable<string> Table(RunMatch match, ClusterLegend legend)
    {
        var gone = Enumerable.Range(0, match.Old.Clusters.Count).Except(match.Pairs.Select(p => p.Old).OfType<int>());
        List<(string Old, string New, string Overlap)> rows =
        [
            ("old", "new", "overlap IoU"),
            .. match.Pairs.OrderBy(p => p.Old ?? int.MaxValue).Select(p => (
                p.Old is { } o ? Named(match.Old, o) : "-",
                p.Old is null ? $"{p.New} (now {legend.Clusters[p.New].Name})" : $"{p.New}",
                p.Old is null ? "-" : p.Overlap.ToString("0.0000", CultureInfo.InvariantCulture))),
            .. gone.Select(o => (Named(match.Old, o), "-", "-")),
        ];
        var (first, second) = (rows.Max(r => r.Old.Length), rows.Max(r => r.New.Length));
        return rows.Select(r => $"{r.Old.PadRight(first)}  {r.New.PadRight(second)}  {r.Overlap}");
    }

    private static string Named(ClusterLegend legend, int cluster) => $"{Plain.OneLine(legend.Clusters[cluster].Name)} ({cluster})";
}
