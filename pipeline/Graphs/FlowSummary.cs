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
    string Stage, int Parallelism, bool Sequential, long In, long Passed, long Rejected, long Dropped, long Emitted, long Bytes, StageTimes Times);
