using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Runs;
using Spectre.Console;

namespace InMARS.Cli.Display;

/// <summary>What stands on the screen when a run has ended.</summary>
internal static class OutcomeReport
{
    public static void Write(RunOutcome outcome, Shell shell, IAnsiConsole console)
    {
        WriteWorkAndResults(outcome, shell, console);
        if (outcome.Rejected > 0)
        {
            console.MarkupLineInterpolated($"[yellow]{Rejects(outcome)}[/]");
        }

        shell.Out.WriteLine(Places(outcome.Directory));
        if (outcome.CanResume)
        {
            shell.Out.WriteLine($"To go on from its last checkpoint: inmars resume {outcome.Directory}");
        }

        WriteError(outcome, shell);
    }

    /// <summary>Only what is wrong.</summary>
    public static void WriteTroubles(RunOutcome outcome, Shell shell)
    {
        if (outcome.Rejected > 0)
        {
            shell.Error.WriteLine(Rejects(outcome));
        }

        WriteError(outcome, shell);
    }

    private static string Rejects(RunOutcome outcome) =>
        $"Rejected: {Plain.Count(outcome.Rejected, "item")}; why is in {Path.Combine(outcome.Directory, "rejects.jsonl")}, the items are in quarantine/";

    private static void WriteError(RunOutcome outcome, Shell shell)
    {
        if (outcome.Error is { } error)
        {
            shell.Error.WriteLine($"inmars: {Plain.OneLine(error)}");
        }
    }

    private static void WriteWorkAndResults(RunOutcome outcome, Shell shell, IAnsiConsole console)
    {
        if (outcome.Flows.Count > 0)
        {
            console.Write(Stages(outcome.Flows));
        }

        var scores = outcome.Reports.Where(ScoreTable.IsScore).ToList();
        Say([.. outcome.Flows.SelectMany(Said), .. outcome.Reports.SelectMany(r => Said(r, scores.Contains(r)))], shell, console);
        if (scores.Count > 0)
        {
            console.Write(ScoreTable.Of(scores));
        }
    }

    private static IEnumerable<(string Flow, string Text)> Said(FlowSummary flow) =>
    [
        (flow.Flow, flow.Bottleneck),
        (flow.Flow, $"Books, in = passed + rejected: {string.Join(", ", flow.Stages.Select(Books))}."),
    ];

    /// <param name="isScore">Whether its figures stand in the table of results.</param>
    private static IEnumerable<(string Flow, string Text)> Said(FlowReport report, bool isScore)
    {
        var figures = report.Report.Headline.Select(h => $"{Plain.Title(h.Key)} {Plain.Figure(h.Value)}");
        return report.Report.Notes.Prepend(isScore ? "" : string.Join(", ", figures)).Where(text => text.Length > 0).Select(text => (report.Flow, Plain.OneLine(text)));
    }

    /// <summary>On a terminal, sentences wrap beside the flow they belong to; in a log, each is one line.</summary>
    private static void Say(IReadOnlyList<(string Flow, string Text)> sentences, Shell shell, IAnsiConsole console)
    {
        if (!console.Profile.Out.IsTerminal)
        {
            sentences.ToList().ForEach(s => shell.Out.WriteLine($"{s.Flow}: {s.Text}"));
            return;
        }

        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var (flow, said) in sentences.GroupBy(s => s.Flow).SelectMany(g => g.Index().Select(i => (i.Index == 0 ? g.Key : "", i.Item.Text))))
        {
            grid.AddRow(new Text(flow, new Style(decoration: Decoration.Bold)), new Text(said));
        }

        console.Write(grid);
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

    private static string Books(StageFigures stage)
    {
        var underWay = stage.In - stage.Passed - stage.Rejected - stage.Dropped;
        return $"{stage.Stage} {stage.In} = {stage.Passed} + {stage.Rejected}"
            + (stage.Dropped > 0 ? $" + {stage.Dropped} dropped" : "") + (underWay > 0 ? $" + {underWay} under way" : "");
    }

    /// <summary>The run directory with the folders in it that hold results.</summary>
    private static string Places(string directory)
    {
        var folders = Directory.GetDirectories(directory).Select(folder => $"{Path.GetFileName(folder)}/").Where(folder => folder != "resume/").Order(StringComparer.Ordinal);
        return $"Run directory: {directory} ({string.Join(", ", folders.Prepend("metrics.json").Prepend("summary.md"))})";
    }
}
