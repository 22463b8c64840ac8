namespace InMARS.Pipeline.Graphs;

/// <summary>A flow as declared: a graph and how often its source is read.</summary>
public sealed record FlowPlan(string Name, int Epochs, IGraph Graph)
{
    /// <summary>Where an earlier process stood; none to begin at the beginning.</summary>
    public FlowState? State { get; init; }
}
