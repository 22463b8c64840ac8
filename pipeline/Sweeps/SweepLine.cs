namespace InMARS.Pipeline.Sweeps;

/// <summary>One figure of one result of a task and a variant, over its seeds.</summary>
/// <param name="Row">The flow that it comes from; with its stage where the flow has several results.</param>
/// <param name="Figure">Name of the figure, such as <c>accuracy</c>.</param>
public sealed record SweepLine(string Task, string Variant, string Row, string Figure, Spread Spread)
{
    /// <summary>Row and figure of the time that a run took.</summary>
    public const string TimeRow = "run";

    public const string TimeFigure = "seconds";

    /// <summary>All lines of the runs that reached their end, in the order of the runs, their results and the figures; last the time.</summary>
    public static IReadOnlyList<SweepLine> Of(IEnumerable<SweepRun> runs) =>
    [
        .. runs.Where(r => r.Record is not null).GroupBy(r => (r.Plan.Task, r.Plan.Variant)).SelectMany(cell => cell
            .SelectMany(Figures)
            .GroupBy(f => (f.Row, f.Figure))
            .OrderBy(g => g.Key.Row == TimeRow)
            .Select(g => new SweepLine(cell.Key.Task, cell.Key.Variant, g.Key.Row, g.Key.Figure, new Spread([.. g.Select(f => f.Value)])))),
    ];

    private static IEnumerable<(string Row, string Figure, KeyValuePair<long, double> Value)> Figures(SweepRun run)
    {
        var results = run.Record!.Results;
        return results
            .SelectMany(r => r.Figures.Select(f => (RowOf(results, r), f.Key, KeyValuePair.Create(run.Plan.Seed, f.Value))))
            .Concat(run.Record.Seconds is { } seconds ? [(TimeRow, TimeFigure, KeyValuePair.Create(run.Plan.Seed, seconds))] : []);
    }

    /// <summary>The name of a result within its run.</summary>
    public static string RowOf(IReadOnlyList<RunResult> results, RunResult result) =>
        results.Count(r => r.Flow == result.Flow) > 1 || result.Flow == TimeRow ? $"{result.Flow} ({result.Stage})" : result.Flow;
}
