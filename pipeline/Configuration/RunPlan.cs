using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Configuration;

/// <summary>A whole run as a value: nothing is open yet.</summary>
/// <param name="Flows">In the order in which they run.</param>
/// <param name="Resolved">The run file with overrides and defaults written out; it can be run again unchanged.</param>
public sealed record RunPlan(RunSettings Settings, IReadOnlyList<FlowPlan> Flows, string Resolved);
