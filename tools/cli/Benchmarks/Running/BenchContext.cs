using System.Text.Json.Nodes;
using InMARS.Pipeline.Stages;

namespace InMARS.Cli.Benchmarks.Running;

/// <summary>The context of a stage that runs outside a graph.</summary>
internal sealed class BenchContext(BenchHost host) : IStageContext
{
    public string Flow => "bench";

    public string Stage => "bench";

    public int Epochs => 1;

    public RunSettings Run => host.Settings;

    public TimeProvider Time => host.Time;

    public string PathInRun(params ReadOnlySpan<string> parts) => host.PathInRun(parts);

    public void Log(string kind, string? message = null, JsonObject? data = null)
    {
    }

    public void Show(string name, double value)
    {
    }

    public void Report(StageReport report)
    {
    }
}
