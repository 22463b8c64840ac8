using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Runs;

/// <summary>Where a run is.</summary>
public enum RunState
{
    /// <summary>A living process holds its directory.</summary>
    Running,

    /// <summary>Every flow is done.</summary>
    Finished,

    /// <summary>Stopped on purpose, to be gone on with.</summary>
    Stopped,
    Failed,

    /// <summary>Its process is gone and left no end.</summary>
    Dead,
}

/// <summary>A flow, with what its shards and its last progress say.</summary>
/// <param name="Progress">Null until there was any.</param>
/// <param name="ShardsDone">Over all epochs.</param>
public sealed record FlowStatus(FlowRow Row, ProgressRow? Progress, long ShardsDone, long ShardsReading)
{
    /// <summary>Items done over all sessions: those of the books once the flow has ended, else of its last progress.</summary>
    public long Done => Row.Phase == FlowPhase.Running ? Progress?.Event.Done ?? Row.Counts.Left : Row.Counts.Left;

    public long Rejected => Row.Phase == FlowPhase.Running ? Progress?.Event.Rejected ?? Row.Counts.Rejected : Row.Counts.Rejected;

    public long? Total => Row.Total ?? Progress?.Event.Total;
}

/// <summary>A run at one moment.</summary>
/// <param name="Holder">The process that works on it; null where none does.</param>
/// <param name="Sessions">From the first to the last.</param>
/// <param name="Time">The moment.</param>
public sealed record RunStatus(
    RunState State, LockHolder? Holder, IReadOnlyList<SessionRow> Sessions, IReadOnlyList<FlowStatus> Flows, CheckpointRow? LastCheckpoint, DateTimeOffset Time)
{
    /// <summary>Null where no process has begun yet.</summary>
    public SessionRow? LastSession => Sessions is [.., var last] ? last : null;

    /// <summary>Reads lock and ledger of a run directory; touches neither.</summary>
    /// <exception cref="RunException">No folder, no run in it, no ledger, or one that is damaged or of another version.</exception>
    public static RunStatus Read(string directory, TimeProvider time)
    {
        using var ledger = LedgerReader.Open(directory);
        // The lock first: a run that ends in between has its end in the ledger by then.
        var holder = RunLock.Holder(directory, time);
        return ledger.Together(l =>
        {
            var sessions = l.Sessions();
            return new RunStatus(StateOf(holder, sessions), holder, sessions, FlowsOf(l), l.Checkpoints() is [.., var last] ? last : null, time.GetUtcNow());
        });
    }

    private static RunState StateOf(LockHolder? holder, IReadOnlyList<SessionRow> sessions) => (holder, sessions is [.., var last] ? last.End : null) switch
    {
        (not null, _) => RunState.Running,
        (_, SessionEnd.Finished) => RunState.Finished,
        (_, SessionEnd.Stopped) => RunState.Stopped,
        (_, SessionEnd.Failed) => RunState.Failed,
        _ => RunState.Dead,
    };

    private static List<FlowStatus> FlowsOf(LedgerReader ledger)
    {
        var (progress, shards) = (ledger.Progress(), ledger.ShardCounts());
        return [.. ledger.Flows().Select(flow => new FlowStatus(
            flow,
            progress.GetValueOrDefault(flow.Name),
            shards.GetValueOrDefault((flow.Name, ShardState.Done)),
            shards.GetValueOrDefault((flow.Name, ShardState.Reading))))];
    }
}
