using System.Text.Json.Nodes;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Stages;

namespace InMARS.Cli.Benchmarks.Running;

/// <summary>A run host whose files lie in a temporary folder and whose messages nobody reads.</summary>
internal sealed class BenchHost(string folder, int threads = 0) : IRunHost
{
    public RunSettings Settings { get; } =
        new("bench", 7, folder, "cpu", threads, 0, Path.Combine(folder, "cache"), new RejectPolicy(OnFault.Stop));

    public TimeProvider Time => TimeProvider.System;

    public string PathInRun(params ReadOnlySpan<string> parts)
    {
        var path = Path.Combine([Settings.Directory, .. parts]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    public void Log(string flow, string stage, string kind, string? message, JsonObject? data)
    {
    }

    public void Report(string flow, string stage, StageReport report)
    {
    }

    public void Rejected(Reject reject) => throw new InvalidOperationException($"{reject.Origin}: {reject.Fault.Message}");

    public void Started(FlowProgress progress)
    {
    }
}
