using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>A flow as declared: a graph and how often its source is read.</summary>
/// <param name="Start">Where to begin: the zero cursor, or where an earlier run stood.</param>
public sealed record FlowPlan(string Name, int Epochs, IGraph Graph, Cursor Start = default);
