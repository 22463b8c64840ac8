using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Configuration;

/// <summary>A whole run as a value: nothing is open yet.</summary>
/// <param name="Flows">In the order in which they run.</param>
/// <param name="Resolved">The run file with overrides and defaults written out; it can be run again unchanged.</param>
public sealed record RunPlan(RunSettings Settings, IReadOnlyList<FlowPlan> Flows, string Resolved)
{
    /// <summary>Where it was read from; null where it was made by a command.</summary>
    public RunFileSource? Source { get; init; }
}

/// <summary>A run file and what was changed in it.</summary>
/// <param name="File">Full path.</param>
/// <param name="Overrides">As <c>path=value</c>, in order.</param>
public sealed record RunFileSource(string File, IReadOnlyList<string> Overrides);
