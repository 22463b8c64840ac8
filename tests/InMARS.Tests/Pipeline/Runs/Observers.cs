using System.Collections.Concurrent;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Runs;

namespace InMARS.Tests.Pipeline.Runs;

internal sealed class Heard : IRunObserver
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public void FlowStarted(FlowProgress progress) => Lines.Enqueue($"started {progress.Flow} of {progress.Total}");

    public void FlowEnded(FlowSummary summary) => Lines.Enqueue($"ended {summary.Flow}");

    public void Message(string flow, string kind, string message) => Lines.Enqueue($"{kind} {message}");

    public void Reported(FlowReport report) => Lines.Enqueue($"report {report.Report.Headline[0].Key}");
}

/// <summary>Does something as soon as a flow has started.</summary>
internal sealed class WhenStarted(Action act) : IRunObserver
{
    public void FlowStarted(FlowProgress progress) => act();

    public void FlowEnded(FlowSummary summary)
    {
    }

    public void Message(string flow, string kind, string message)
    {
    }

    public void Reported(FlowReport report)
    {
    }
}
