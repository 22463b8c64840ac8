namespace InMARS.Pipeline.Graphs;

/// <summary>Says in one sentence what a flow waits for.</summary>
internal static class Bottleneck
{
    public static string Sentence(IReadOnlyList<StageFigures> stages, TimeSpan elapsed) =>
        Sentence(stages, elapsed, Environment.ProcessorCount);

    /// <remarks>
    /// The stage whose slots are busiest holds the others back; when all stages together use up the cores, more
    /// parallelism would not help, and the sentence says so.
    /// </remarks>
    internal static string Sentence(IReadOnlyList<StageFigures> stages, TimeSpan elapsed, int cores)
    {
        var worst = stages.MaxBy(s => s.Times.Busy);
        if (worst is null || worst.Times.Calls == 0 || elapsed <= TimeSpan.Zero)
        {
            return "Nothing was processed.";
        }

        var total = stages.Sum(s => s.Times.KernelSeconds);
        var heaviest = stages.MaxBy(s => s.Times.KernelSeconds)!;
        var used = total / (elapsed.TotalSeconds * cores);
        var named = $"Bottleneck: {worst.Stage}, busy {worst.Times.Busy:P0} of the time at parallelism {worst.Parallelism} ({worst.Times.MeanMs:0.0} ms a call)";
        return (used, worst.Times.Busy) switch
        {
            ( >= 0.9, _) => $"Bottleneck: the {cores} cores, {Math.Min(1, used):P0} in use; {heaviest.Stage} takes {heaviest.Times.KernelSeconds / total:P0} of the work.",
            (_, >= 0.8) when !worst.Sequential && worst.Parallelism < cores => $"{named}; a higher parallelism there would help.",
            (_, >= 0.5) => $"{named}.",
            _ => $"{named}; no stage is busy most of the time, so starting, ending or input and output weigh most.",
        };
    }
}
