using InMARS.Pipeline.Graphs;

namespace InMARS.Cli.Display;

/// <summary>The sentences that both views say.</summary>
internal static class Sentences
{
    public const string Stopping = "stopping; press Ctrl-C once more to stop at once";

    public static string Started(FlowProgress progress) =>
        progress.Total is { } total ? $"{progress.Flow}: started, {Plain.Count(total, "image")}" : $"{progress.Flow}: started";

    public static string Ended(FlowSummary summary)
    {
        var seconds = summary.Elapsed.TotalSeconds;
        var rejected = summary.Rejected > 0 ? $", {Plain.Count(summary.Rejected)} rejected" : "";
        return $"{summary.Flow}: {Plain.Count(summary.Read, "image")} in {seconds:0.0} s, {Plain.Rate(seconds > 0 ? summary.Read / seconds : 0)} images/s{rejected}";
    }
}
