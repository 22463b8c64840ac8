using System.Globalization;
using System.Text;
using InMARS.Cli.Display;
using InMARS.Pipeline.Sweeps;

namespace InMARS.Cli.Sweeps;

/// <summary>The table of a sweep for people: per task, what every variant gave.</summary>
internal static class SweepMarkdown
{
    private static readonly string[] Scores = ["accuracy", "miou"];

    public static string Of(SweepPlan plan, IReadOnlyList<SweepRun> runs)
    {
        var lines = SweepLine.Of(runs);
        var text = new StringBuilder($"# {plan.Name}\n\n{Sentence(plan, runs)}\n\n");
        if (plan.Tasks.Count > 1)
        {
            Scores.ToList().ForEach(figure => Overview(text, plan, lines, figure));
        }

        foreach (var task in plan.Tasks)
        {
            var ofTask = lines.Where(l => l.Task == task).ToList();
            text.Append(plan.Tasks.Count > 1 ? $"## {task}\n\n" : "");
            if (ofTask.Count > 0)
            {
                Summary(text, ofTask);
                EverySeed(text, plan, ofTask);
            }

            Protocols(text, [.. runs.Where(r => r.Plan.Task == task && r.Record is not null)]);
        }

        Troubles(text, runs);
        return text.ToString();
    }

    private static string Sentence(SweepPlan plan, IReadOnlyList<SweepRun> runs)
    {
        var finished = runs.Where(r => r.Record is not null).ToList();
        var versions = finished.Select(r => r.Record!.Version).OfType<string>().Distinct().Select(Brief).ToList();
        var threads = finished.Select(r => r.Plan.Settings.Threads).Distinct().Select(t => t == 0 ? "all" : $"{t}").ToList();
        return $"{Plain.Count(plan.Tasks.Count, "task")} x {Plain.Count(plan.Variants.Count, "variant")} x {Plain.Count(plan.Seeds.Count, "seed")}: "
            + $"{finished.Count} of {Plain.Count(runs.Count, "run")} finished. Mean ± standard deviation of the sample (n - 1) over the seeds."
            + (threads.Count > 0 ? $" Threads: {string.Join(", ", threads)}." : "")
            + (versions.Count > 0 ? $" Made by inmars {string.Join(", ", versions)}." : "");
    }

    /// <summary>A version whose commit is cut to what tells it apart.</summary>
    private static string Brief(string version) => version.IndexOf('+', StringComparison.Ordinal) is >= 0 and var plus && version.Length > plus + 11 ? version[..(plus + 11)] : version;

    /// <summary>One figure of all tasks side by side.</summary>
    private static void Overview(StringBuilder text, SweepPlan plan, IReadOnlyList<SweepLine> lines, string figure)
    {
        var rows = lines.Where(l => l.Figure == figure).GroupBy(l => (l.Variant, l.Row)).Select(group => (IReadOnlyList<string>)
        [
            group.Key.Variant,
            group.Key.Row,
            .. plan.Tasks.Select(task => group.FirstOrDefault(l => l.Task == task) is { } line ? Show(line.Spread, figure) : "-"),
        ]).ToList();
        if (rows.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"## {Plain.Title(figure)}\n\n{MarkdownTable.Of(2, ["variant", "result", .. plan.Tasks], rows)}\n");
        }
    }

    private static void Summary(StringBuilder text, List<SweepLine> lines)
    {
        var shown = Shown(lines);
        var figures = shown.Select(l => l.Figure).Distinct().ToList();
        var rows = shown.GroupBy(l => (l.Variant, l.Row)).Select(group => (IReadOnlyList<string>)
        [
            group.Key.Variant,
            group.Key.Row,
            .. figures.Select(f => group.FirstOrDefault(l => l.Figure == f) is { } line ? Show(line.Spread, f) : "-"),
            $"{group.First().Spread.Values.Count}",
            lines.FirstOrDefault(l => l.Variant == group.Key.Variant && l.Row == SweepLine.TimeRow) is { } time ? Show(time.Spread, SweepLine.TimeFigure) : "-",
        ]).ToList();
        text.Append(MarkdownTable.Of(2, ["variant", "result", .. figures.Select(Plain.Title), "seeds", "time of a run"], rows)).Append('\n');
    }

    private static void EverySeed(StringBuilder text, SweepPlan plan, List<SweepLine> lines)
    {
        var shown = Shown(lines);
        var scores = shown.Where(l => Scores.Contains(l.Figure)).ToList();
        var rows = (scores.Count > 0 ? scores : shown).Concat(lines.Where(l => l.Row == SweepLine.TimeRow)).OrderBy(l => plan.Variants.ToList().IndexOf(l.Variant)).Select(line => (IReadOnlyList<string>)
        [
            line.Variant,
            line.Row,
            line.Figure == SweepLine.TimeFigure ? "time" : Plain.Title(line.Figure),
            Show(line.Spread.Mean, line.Figure),
            line.Spread.Deviation is { } deviation ? Show(deviation, line.Figure) : "-",
            .. plan.Seeds.Select(seed => line.Spread.Values.Where(v => v.Key == seed).Select(v => Show(v.Value, line.Figure)).FirstOrDefault("-")),
        ]).ToList();
        text.Append(MarkdownTable.Of(3, ["variant", "result", "figure", "mean", "sd", .. plan.Seeds.Select(s => $"seed {s}")], rows)).Append('\n');
    }

    /// <summary>Results that are scores; where there are none, all results. Bounds of intervals are in the data beside the table.</summary>
    private static List<SweepLine> Shown(List<SweepLine> lines)
    {
        var results = lines.Where(l => l.Row != SweepLine.TimeRow && !IsBound(l.Figure)).ToList();
        var scores = results.Where(l => Scores.Contains(l.Figure)).Select(l => (l.Variant, l.Row)).ToHashSet();
        return scores.Count > 0 ? [.. results.Where(l => scores.Contains((l.Variant, l.Row)))] : results;
    }

    private static bool IsBound(string figure) =>
        figure.EndsWith("_low", StringComparison.Ordinal) || figure.EndsWith("_high", StringComparison.Ordinal);

    /// <summary>How the results were scored, each sentence once.</summary>
    private static void Protocols(StringBuilder text, List<SweepRun> finished)
    {
        var said = finished
            .SelectMany(run => run.Record!.Results.SelectMany(r => r.Notes
                .Where(n => n.StartsWith("Protocol", StringComparison.Ordinal))
                .Select(note => (Row: SweepLine.RowOf(run.Record.Results, r), Note: note))))
            .GroupBy(n => n.Note, n => n.Row)
            .Select(g => $"- {string.Join(", ", g.Distinct())}: {Plain.OneLine(g.Key)}\n").ToList();
        text.Append(said.Count > 0 ? $"{string.Concat(said)}\n" : "");
    }

    private static void Troubles(StringBuilder text, IReadOnlyList<SweepRun> runs)
    {
        var troubles = runs.Where(r => r.Trouble is not null).Select(r => $"- {r}: {r.Trouble}\n").ToList();
        text.Append(troubles.Count > 0 ? $"## Not finished\n\n{string.Concat(troubles)}\n" : "");
        var rejects = runs.Where(r => r.Record?.Rejected > 0).Select(r => $"- {r}: {Plain.Count(r.Record!.Rejected, "item")}; see {Path.Combine(r.Plan.Directory, "rejects.jsonl")}\n").ToList();
        text.Append(rejects.Count > 0 ? $"## Rejected items\n\n{string.Concat(rejects)}\n" : "");
    }

    /// <summary>Mean and deviation; the mean alone where there is no other value.</summary>
    private static string Show(Spread spread, string figure) =>
        spread.Deviation is not { } deviation || (deviation == 0 && spread.Mean == Math.Floor(spread.Mean) && spread.Mean >= 2)
            ? Show(spread.Mean, figure)
            : $"{Show(spread.Mean, figure)} ± {Show(deviation, figure)}";

    private static string Show(double value, string figure) =>
        figure == SweepLine.TimeFigure ? Plain.Clock(TimeSpan.FromSeconds(value)) : Plain.Figure(value);
}
