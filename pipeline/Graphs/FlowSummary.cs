namespace InMARS.Pipeline.Graphs;

/// <summary>What a flow did.</summary>
/// <param name="Read">Items that the source came to, faulty ones included.</param>
/// <param name="Left">Items that have left the graph, rejected ones included.</param>
/// <param name="Rejected">Items that a stage refused.</param>
/// <param name="PeakItems">Most items alive at once.</param>
/// <param name="PeakBytes">Most bytes of the memory budget in use at once.</param>
public sealed record FlowSummary(
    string Flow,
    long Read,
    long Left,
    long Rejected,
    TimeSpan Elapsed,
    long PeakItems,
    long PeakBytes,
    IReadOnlyList<StageFigures> Stages,
    string Bottleneck)
{
    /// <summary>Whether the flow was stopped or failed: these are its books until then, and what was under way is in none of them.</summary>
    public bool Unfinished { get; init; }

    /// <summary>Part of the time until every stage was open and the source began to read.</summary>
    public TimeSpan Opening { get; init; }

    /// <summary>Time in kernels, each by the cores that it keeps busy, as a share of the time of all cores since the source began to read.</summary>
    /// <remarks>Above 1 where kernels waited for each other's cores.</remarks>
    public double Efficiency(int cores)
    {
        var reading = (Elapsed - Opening).TotalSeconds * cores;
        return reading > 0 ? Stages.Sum(s => s.Times.KernelSeconds * s.Threads) / reading : 0;
    }

    /// <summary>How the stages set themselves; null where all of it was given.</summary>
    public AutoSetting? Auto { get; init; }

    /// <summary>Each time that items which the flow had refused were tried again after it, in order.</summary>
    public IReadOnlyList<LateItems> Late { get; init; } = [];
}

/// <summary>Items that a flow had refused, when they were tried again.</summary>
/// <param name="By">Name of the run that tried them.</param>
/// <param name="Passed">Those of them that are in the outputs now, and are no longer rejected.</param>
public sealed record LateItems(string By, long Tried, long Passed);

/// <summary>The books and times of one stage.</summary>
/// <param name="Sequential">Whether the stage takes one item at a time by its nature.</param>
public sealed record StageFigures(
    string Stage, int Parallelism, bool Sequential, long In, long Passed, long Rejected, long Dropped, long Emitted, long Bytes, StageTimes Times)
{
    /// <summary>Cores that one call keeps busy.</summary>
    public int Threads { get; init; } = 1;
}
