using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Runs;

namespace InMARS.Cli.Benchmarks.Scale;

/// <summary>A flow, and the time of all processors that this process had since the source began to read.</summary>
internal sealed record TimedFlow(FlowSummary Summary, double ProcessorSeconds)
{
    /// <summary>Time in which the source read and all else ran, without the opening of the stages.</summary>
    public double Seconds => (Summary.Elapsed - Summary.Opening).TotalSeconds;
}

/// <summary>Takes the processor time of each flow of a run.</summary>
internal sealed class ProcessorWatch : IRunObserver
{
    private readonly List<TimedFlow> _flows = [];
    private TimeSpan _before;

    public IReadOnlyList<TimedFlow> Flows => _flows;

    public void FlowStarted(FlowProgress progress) => _before = Environment.CpuUsage.TotalTime;

    public void FlowEnded(FlowSummary summary) => _flows.Add(new TimedFlow(summary, (Environment.CpuUsage.TotalTime - _before).TotalSeconds));

    public void Message(string flow, string kind, string message)
    {
    }

    public void Reported(FlowReport report)
    {
    }
}
