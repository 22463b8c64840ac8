using InMARS.Pipeline.Runs;

namespace InMARS.Cli.Display;

/// <summary>The flows of a run as a table of text: one line each.</summary>
internal static class FlowLines
{
    private const string Gap = "  ";
    private static readonly string[] Titles = ["flow", "state", "done", "share", "rejected", "shards", "images/s", "time"];

    public static IEnumerable<string> Of(RunStatus status, LocalClock clock)
    {
        List<string[]> rows = [Titles, .. status.Flows.Select(flow => Cells(flow, status, clock))];
        var widths = Titles.Index().Select(t => rows.Max(r => r[t.Index].Length)).ToList();
        return rows.Select(row => string.Join(Gap, row.Zip(widths, (cell, width) => cell.PadRight(width))).TrimEnd());
    }

    private static string[] Cells(FlowStatus flow, RunStatus status, LocalClock clock)
    {
        if (flow.Row.Phase == FlowPhase.Waiting)
        {
            return [flow.Row.Name, "waiting", .. Enumerable.Repeat("-", Titles.Length - 2)];
        }

        return
        [
            flow.Row.Name,
            State(flow, status),
            flow.Total is { } total ? $"{Plain.Count(flow.Done)}/{Plain.Count(total)}" : Plain.Count(flow.Done),
            flow.Total is > 0 and var all ? $"{Math.Floor(100.0 * Math.Min(flow.Done, all) / all):0} %" : "-",
            Plain.Count(flow.Rejected),
            Shards(flow),
            Plain.Rate(Rate(flow, status) ?? 0),
            Time(flow, status, clock),
        ];
    }

    private static bool Goes(FlowStatus flow, RunStatus status) => flow.Row.Phase == FlowPhase.Running && status.State == RunState.Running;

    private static string State(FlowStatus flow, RunStatus status) =>
        flow.Row.Phase == FlowPhase.Running && !Goes(flow, status) ? "cut off" : flow.Row.Phase.ToString().ToLowerInvariant();

    private static string Shards(FlowStatus flow) => (flow.ShardsDone, flow.ShardsReading) switch
    {
        (0, 0) => "-",
        (var done, 0) => $"{Plain.Count(done)} done",
        var (done, begun) => $"{Plain.Count(done)} done, {Plain.Count(begun)} begun",
    };

    private static double? Rate(FlowStatus flow, RunStatus status) => Goes(flow, status)
        ? flow.Progress?.Event.Forecast is { } forecast ? forecast.LastMinute ?? forecast.Overall : null
        : flow.Row.Elapsed > TimeSpan.Zero ? flow.Done / flow.Row.Elapsed.TotalSeconds : null;

    private static string Time(FlowStatus flow, RunStatus status, LocalClock clock)
    {
        var elapsed = Plain.Clock(flow.Row.Elapsed);
        if (!Goes(flow, status))
        {
            return $"{(flow.Row.Phase == FlowPhase.Done ? "took" : "after")} {elapsed}";
        }

        return flow.Progress?.Event.Forecast.Finish is { } finish
            ? $"finishes at {clock.Ahead(finish, status.Time)}, {Plain.Clock(finish > status.Time ? finish - status.Time : TimeSpan.Zero)} left"
            : $"{elapsed} so far";
    }
}
