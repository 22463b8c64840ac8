using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>A flow as declared: a graph and how often its source is read.</summary>
public sealed record FlowPlan(string Name, int Epochs, IGraph Graph)
{
    /// <summary>The first item to read where there is no state.</summary>
    public Cursor Start { get; init; }

    /// <summary>Whether an item waits until the one before it has left, or lies in a batch that is not full: no kernel has another beside it, and its processor time is taken.</summary>
    public bool OneAtATime { get; init; }

    /// <summary>Where it stands in its run file; null where it comes from none.</summary>
    public ConfigNode? At { get; init; }

    /// <summary>Where an earlier process stood; none to begin at <see cref="Start"/>.</summary>
    public FlowState? State { get; init; }
}
