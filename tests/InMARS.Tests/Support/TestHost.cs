using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Stages;

namespace InMARS.Tests.Support;

/// <summary>A run host without a run directory: remembers what it was told.</summary>
public sealed class TestHost(RejectPolicy? rejects = null, int memoryMb = 64) : IRunHost
{
    public RunSettings Settings => new("test", 7, "unused", "cpu", 1, memoryMb, "unused", rejects ?? new RejectPolicy()) { ItemTimeoutSeconds = ItemTimeoutSeconds };

    public double ItemTimeoutSeconds { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ConcurrentQueue<Reject> Rejects { get; } = new();

    /// <summary>Whether every border is to have a checkpoint.</summary>
    public bool CheckpointDue { get; init; }

    public bool StopRequested { get; set; }

    /// <summary>Why the graph asked for a stop; null where it did not.</summary>
    public string? StopReason { get; private set; }

    /// <summary>Whether a shard that has ended is worth a checkpoint.</summary>
    public bool ShardDue { get; init; } = true;

    public ConcurrentQueue<FlowState> Saved { get; } = new();

    /// <summary>Told of every checkpoint.</summary>
    public Action<FlowState>? OnSave { get; init; }

    public FlowProgress? Progress { get; private set; }

    public string PathInRun(params ReadOnlySpan<string> parts) => throw new InvalidOperationException("This test writes no files.");

    /// <summary>Events that were logged, in order.</summary>
    public ConcurrentQueue<(string Stage, string Kind, JsonObject? Data)> Logged { get; } = new();

    public void Log(string flow, string stage, string kind, string? message, JsonObject? data) => Logged.Enqueue((stage, kind, data));

    public void Report(string flow, string stage, StageReport report)
    {
    }

    public void Rejected(Reject reject) => Rejects.Enqueue(reject);

    public bool IsShardDue(TimeSpan cost, TimeSpan since) => ShardDue;

    public void Save(FlowState state)
    {
        Saved.Enqueue(state);
        OnSave?.Invoke(state);
    }

    public void Stop(string reason) => (StopReason, StopRequested) = (StopReason ?? reason, true);

    public void Started(FlowProgress progress) => Progress = progress;
}
