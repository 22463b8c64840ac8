using System.Security.Cryptography;

namespace InMARS.Pipeline.Runs;

/// <summary>Where a flow is.</summary>
public enum FlowPhase
{
    Waiting,
    Running,
    Done,

    /// <summary>Ended before its end, to be gone on with.</summary>
    Stopped,
    Failed,
}

/// <summary>Where a shard of a flow's epoch is.</summary>
public enum ShardState
{
    Reading,

    /// <summary>All its items have left the flow and what they became is under its final name.</summary>
    Done,
}

/// <summary>How a session ended, if it came to that.</summary>
public enum SessionEnd
{
    /// <summary>Every flow was done.</summary>
    Finished,

    /// <summary>Stopped on purpose, to be gone on with.</summary>
    Stopped,
    Failed,
}

/// <summary>Items of a flow or shard.</summary>
/// <param name="Read">Those the source came to.</param>
/// <param name="Left">Those that have left the flow, rejected ones included.</param>
/// <param name="Rejected">Those that a stage refused.</param>
public sealed record ItemCounts(long Read, long Left, long Rejected);

/// <summary>Memory in use at one moment.</summary>
/// <param name="Resident">Bytes of the process in memory.</param>
/// <param name="Managed">Bytes of the managed heap.</param>
/// <param name="Queued">Bytes of the items between the stages.</param>
/// <param name="NativeValues">Live values outside the managed heap; null where nobody counts them.</param>
public sealed record MemoryFigures(long Resident, long Managed, long Queued, long? NativeValues = null);

/// <summary>A file by its content.</summary>
/// <param name="Path">Relative to the run directory where it lies in it.</param>
/// <param name="Sha256">Hexadecimal, 64 digits.</param>
public sealed record WrittenFile(string Path, long Bytes, string Sha256)
{
    /// <summary>Reads a file that lies in a run directory.</summary>
    internal static WrittenFile Of(string directory, string path)
    {
        using var file = File.OpenRead(path);
        return new WrittenFile(System.IO.Path.GetRelativePath(directory, path), file.Length, Convert.ToHexStringLower(SHA256.HashData(file)));
    }
}

/// <summary>A flow that is to run.</summary>
/// <param name="Ordinal">Its place among the flows, from 0.</param>
/// <param name="Total">Items of all epochs; null where the source cannot tell yet.</param>
public sealed record PlannedFlow(int Ordinal, string Name, long? Total);

/// <summary>A shard of one epoch.</summary>
/// <param name="Outputs">What it became; they replace those told before, and none leave them.</param>
public sealed record ShardEvent(
    string Flow, int Epoch, string Shard, ShardState State, ItemCounts Counts, IReadOnlyList<WrittenFile> Outputs, MemoryFigures? Memory = null);

/// <summary>A file that a shard became.</summary>
public sealed record WrittenOutput(string Flow, string Shard, WrittenFile File);

/// <summary>A checkpoint that lies on the disk.</summary>
/// <param name="Sequence">Grows by each one taken.</param>
/// <param name="Position">Items of the epoch that it has behind it.</param>
public sealed record CheckpointEvent(long Sequence, string Flow, int Epoch, long Position, WrittenFile File);

/// <summary>How far a flow is just now.</summary>
/// <param name="Elapsed">Time of the flow in this session.</param>
public sealed record ProgressEvent(
    string Flow, long Done, long? Total, long Rejected, TimeSpan Elapsed, Forecast Forecast, MemoryFigures Memory);

/// <summary>A process that begins to work on the run.</summary>
public sealed record SessionEvent(int Pid, string Host, string Version);

/// <summary>A flow as the ledger has it.</summary>
/// <param name="Started">First time it started; null while it waits.</param>
/// <param name="Elapsed">Time it ran, over all sessions.</param>
public sealed record FlowRow(
    int Ordinal, string Name, FlowPhase Phase, long? Total, ItemCounts Counts, DateTimeOffset? Started, DateTimeOffset? Ended, TimeSpan Elapsed);

/// <summary>A shard as the ledger has it.</summary>
public sealed record ShardRow(ShardEvent Event, DateTimeOffset First, DateTimeOffset Last);

/// <summary>A checkpoint as the ledger has it.</summary>
public sealed record CheckpointRow(CheckpointEvent Event, DateTimeOffset Time);

/// <summary>The last progress of a flow.</summary>
public sealed record ProgressRow(ProgressEvent Event, DateTimeOffset Time);

/// <summary>A session as the ledger has it.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Ended">Null while it goes on, and for ever when it was killed.</param>
/// <param name="Reason">One sentence where it did not finish.</param>
public sealed record SessionRow(
    long Number, SessionEvent Event, DateTimeOffset Started, DateTimeOffset? Ended, SessionEnd? End, string? Reason);
