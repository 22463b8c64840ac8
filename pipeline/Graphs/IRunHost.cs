using System.Text.Json.Nodes;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>What a graph needs of the world around it: where files go and who hears what.</summary>
public interface IRunHost
{
    RunSettings Settings { get; }

    TimeProvider Time { get; }

    string PathInRun(params ReadOnlySpan<string> parts);

    void Log(string flow, string stage, string kind, string? message, JsonObject? data);

    void Report(string flow, string stage, StageReport report);

    /// <summary>Called once for every source item that a stage refused.</summary>
    void Rejected(Reject reject);

    /// <summary>Whether the run is to stop at the next border.</summary>
    bool StopRequested => false;

    /// <summary>Ends the run at its next border, for a reason that is no fault of an item.</summary>
    void Stop(string reason)
    {
    }

    /// <summary>How long a flow may take to come to a border once the run is to stop.</summary>
    TimeSpan StopWithin => TimeSpan.FromSeconds(60);

    /// <summary>Whether it is time for a checkpoint.</summary>
    bool CheckpointDue => false;

    /// <summary>Whether a shard that has ended, of the input or of the output, is worth a checkpoint now.</summary>
    /// <param name="cost">Time that the last one took, waiting for the graph to run dry included.</param>
    /// <param name="since">Time since then.</param>
    bool IsShardDue(TimeSpan cost, TimeSpan since) => true;

    /// <summary>Writes a checkpoint; it is on the disk on return.</summary>
    void Save(FlowState state)
    {
    }

    /// <summary>What became of the shards that items came from since the last border.</summary>
    void ShardsSettled(string flow, IReadOnlyList<ShardCounts> shards)
    {
    }

    /// <summary>A file that holds what became of a shard has its final name.</summary>
    void Wrote(string flow, string shard, string path)
    {
    }

    /// <summary>Why an item of the source is not to be tried; null where it is.</summary>
    Fault? Refusal(string flow, Origin origin) => null;

    /// <summary>Called when a flow did not reach its end, with what it did until then; nothing of it is under way.</summary>
    void Stopped(FlowSummary summary)
    {
    }

    /// <summary>Called when a flow starts; the progress stays readable until it has ended.</summary>
    void Started(FlowProgress progress);
}

/// <summary>A source item that could not be processed.</summary>
public sealed record Reject(string Flow, string Stage, Origin Origin, int Epoch, long Index, Fault Fault)
{
    /// <summary>How to read it again; null where its source does not say.</summary>
    public Original? Original { get; init; }
}

/// <summary>How far a running flow is; may be read from any thread.</summary>
/// <param name="Done">Items that have left the graph, rejected ones included.</param>
/// <param name="Total">Items that all epochs will have, or null where the source cannot tell.</param>
public sealed record FlowProgress(string Flow, long? Total, Func<long> Done, Func<long> Rejected, Func<IReadOnlyDictionary<string, double>> Shown)
{
    /// <summary>Items that were done before this process began.</summary>
    public long Before { get; init; }

    /// <summary>Bytes of the items between the stages.</summary>
    public Func<long> Queued { get; init; } = () => 0;

    /// <summary>Grows whenever a stage takes or gives an item.</summary>
    public Func<long> Activity { get; init; } = () => 0;

    public Func<IReadOnlyList<StageSnapshot>> Stages { get; init; } = () => [];
}
