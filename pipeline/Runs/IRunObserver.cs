using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Runs;

/// <summary>Who watches a run: a terminal, a log. Calls come from any thread and must return quickly.</summary>
public interface IRunObserver
{
    void FlowStarted(FlowProgress progress);

    void FlowEnded(FlowSummary summary);

    /// <param name="kind">The kind of the event; <c>warning</c> deserves to be seen.</param>
    void Message(string flow, string kind, string message);

    void Reported(FlowReport report);
}

/// <summary>A stage's result with the flow and stage it came from.</summary>
public sealed record FlowReport(string Flow, string Stage, StageReport Report);
