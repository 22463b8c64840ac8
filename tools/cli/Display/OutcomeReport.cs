using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Runs;
using Spectre.Console;

namespace InMARS.Cli.Display;

/// <summary>What stands on the screen when a run has ended.</summary>
internal static class OutcomeReport
{
    public static void Write(RunOutcome outcome, Shell shell, IAnsiConsole console)
    {
        WriteResults(outcome, shell, console);
        WriteFlows(outcome, shell, console);
        if (outcome.Rejected > 0)
        {
            console.MarkupLineInterpolated($"[yellow]Rejected: {Plain.Count(outcome.Rejected, "item")}; why is in {Path.Combine(outcome.Directory, "rejects.jsonl")}[/]");
        }

        shell.Out.WriteLine(Places(outcome.Directory));
        if (outcome.Error is { } error)
        {
            shell.Error.WriteLine($"inmars: {Plain.OneLine(error)}");
        }
    }

    private static void WriteResults(RunOutcome outcome, Shell shell, IAnsiConsole console)
    {
        var scores = outcome.Reports.Where(IsScore).ToList();
        if (scores.Count > 0)
        {
            console.Write(Scores(scores));
        }

        foreach (var (flow, stage, report) in outcome.Reports)
        {
            var figures = scores.Exists(s => s.Flow == flow && s.Stage == stage)
                ? ""
                : string.Join(", ", report.Headline.Select(h => $"{Plain.Title(h.Key)} {Plain.Figure(h.Value)}"));
            foreach (var line in report.Notes.Prepend(figures).Where(l => l.Length > 0))
            {
                shell.Out.WriteLine($"{flow}: {Plain.OneLine(line)}");
            }
        }
    }

    private static bool IsScore(FlowReport report) => report.Report.Headline.Any(h => h.Key is "accuracy" or "miou");

    /// <summary>One row a flow, one column a figure that any of them has: methods stand side by side.</summary>
    private static Table Scores(IReadOnlyList<FlowReport> scores)
    {
        var names = scores.SelectMany(s => s.Report.Headline.Select(h => h.Key)).Distinct().ToList();
        var table = new Table().Border(TableBorder.Rounded).AddColumn("results");
        names.ForEach(name => table.AddColumn(new TableColumn(Plain.Title(name)).RightAligned()));
        foreach (var score in scores)
        {
            var figures = score.Report.Headline.ToDictionary(h => h.Key, h => Plain.Figure(h.Value));
            table.AddRow([Markup.Escape(score.Flow), .. names.Select(name => figures.GetValueOrDefault(name, "-"))]);
        }

        return table;
    }

    private static void WriteFlows(RunOutcome outcome, Shell shell, IAnsiConsole console)
    {
        if (outcome.Flows.Count > 0)
        {
            console.Write(Stages(outcome.Flows));
        }

        foreach (var flow in outcome.Flows)
        {
            shell.Out.WriteLine($"{flow.Flow}: {flow.Bottleneck}");
            shell.Out.WriteLine($"{flow.Flow}: books: {string.Join(", ", flow.Stages.Select(Books))}");
        }
    }

    /// <summary>The stages of all flows. Speeds are those a stage would have if nothing held it back.</summary>
    private static Table Stages(IReadOnlyList<FlowSummary> flows)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("flow").AddColumn("stage").AddColumn(new TableColumn("x").RightAligned());
        foreach (var title in new[] { "images/s", "busy", "ms" })
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        foreach (var flow in flows)
        {
            var seconds = flow.Elapsed.TotalSeconds;
            table.AddRow($"[bold]{Markup.Escape(flow.Flow)}[/]", $"[bold]{Plain.Count(flow.Read, "image")} in {seconds:0.0} s[/]", "", $"[bold]{Plain.Rate(seconds > 0 ? flow.Read / seconds : 0)}[/]", "", "");
            foreach (var stage in flow.Stages)
            {
                var alone = stage.Times.KernelSeconds > 0 ? flow.Read * stage.Parallelism / stage.Times.KernelSeconds : 0;
                table.AddRow("", Markup.Escape(stage.Stage), $"{stage.Parallelism}", Plain.Rate(alone), $"{100 * stage.Times.Busy:0} %", $"{stage.Times.MeanMs:0.00}");
            }
        }

        return table;
    }

    /// <summary>In = out + rejected, as counted.</summary>
    private static string Books(StageFigures stage) =>
        $"{stage.Stage} {stage.In} = {stage.Passed} + {stage.Rejected} rejected{(stage.Dropped > 0 ? $" + {stage.Dropped} dropped" : "")}";

    /// <summary>The run directory with the folders in it that hold results.</summary>
    private static string Places(string directory)
    {
        var folders = Directory.GetDirectories(directory).Select(folder => $"{Path.GetFileName(folder)}/").Order(StringComparer.Ordinal);
        return $"Run directory: {directory} ({string.Join(", ", folders.Prepend("metrics.json").Prepend("summary.md"))})";
    }
}
