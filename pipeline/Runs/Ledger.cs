using InMARS.Pipeline.Outcomes;
using Microsoft.Data.Sqlite;

namespace InMARS.Pipeline.Runs;

/// <summary>
/// What a run did, as it does it: flows, shards, checkpoints, progress, inputs and sessions in <c>ledger.sqlite</c> of the run
/// directory. One process writes it, any number read it meanwhile (<see cref="LedgerReader"/>). Safe to call from any thread.
/// </summary>
/// <remarks>
/// Each call is one transaction that is there whole when it returns, also when the process is then killed; a power cut may
/// take the last ones, never break the file. Every method throws <see cref="RunException"/> when the disk does not take it,
/// and when it names a flow that was not planned.
/// </remarks>
public sealed class Ledger : IDisposable
{
    public const string FileName = "ledger.sqlite";

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly LedgerFile _file;

    private Ledger(string path, TimeProvider time, LedgerFile file) => (_path, _time, _file) = (path, time, file);

    private long Now => _time.GetUtcNow().UtcTicks;

    /// <summary>Opens the ledger of a run directory, and makes it where there is none.</summary>
    /// <exception cref="RunException">It cannot be written, is damaged, or is of another version of the program.</exception>
    public static Ledger Open(string directory, TimeProvider time)
    {
        var path = Path.Combine(directory, FileName);
        LedgerFile? file = null;
        try
        {
            file = LedgerFile.ForWriting(path);
            Prepare(path, file);
            return new Ledger(path, time, file);
        }
        catch (SqliteException e)
        {
            file?.Dispose();
            throw new RunException($"cannot write the ledger '{path}': {e.Message}", e);
        }
        catch (RunException)
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>The flows of the run; those known already keep where they are.</summary>
    public void FlowsPlanned(IReadOnlyList<PlannedFlow> flows) => Write(() =>
    {
        foreach (var flow in flows)
        {
            _file.Do(LedgerSchema.PlanFlow, flow.Ordinal, flow.Name, LedgerWords.Of(FlowPhase.Waiting), flow.Total);
        }
    });

    /// <param name="total">Items of all epochs; null keeps what was planned.</param>
    public void FlowStarted(string flow, long? total) =>
        Write(() => _file.Do(LedgerSchema.StartFlow, Known(flow), LedgerWords.Of(FlowPhase.Running), total, Now));

    /// <param name="counts">Over all sessions.</param>
    /// <param name="elapsed">Time of the flow in this session; the ledger adds that of the others.</param>
    public void FlowEnded(string flow, FlowPhase phase, ItemCounts counts, TimeSpan elapsed) => Write(() =>
        _file.Do(LedgerSchema.EndFlow, Known(flow), LedgerWords.Of(phase), counts.Read, counts.Left, counts.Rejected, Now, elapsed.Ticks));

    /// <summary>The books of a flow that has ended are others now.</summary>
    /// <param name="counts">Over all sessions.</param>
    public void FlowAmended(string flow, ItemCounts counts) =>
        Write(() => _file.Do(LedgerSchema.AmendFlow, Known(flow), counts.Read, counts.Left, counts.Rejected));

    /// <summary>A flow that has ended is to run again from its beginning; nothing is known of it any more.</summary>
    public void FlowReopened(string flow) => Write(() =>
    {
        _file.Do(LedgerSchema.ReopenFlow, Known(flow), LedgerWords.Of(FlowPhase.Stopped));
        foreach (var table in new[] { "shard", "output", "progress", "input" })
        {
            _file.Do($"DELETE FROM {table} WHERE flow = (SELECT ordinal FROM flow WHERE name = $1)", flow);
        }
    });

    /// <summary>Shards that were begun or done; each replaces what was told of it before, but for its first time, and for its outputs where it has none.</summary>
    public void ShardsChanged(IReadOnlyList<ShardEvent> shards) => Write(() =>
    {
        var now = Now;
        foreach (var shard in shards)
        {
            Save(shard, now);
        }
    });

    /// <summary>Files that shards became, often long after they were read; of a shard that several epochs read, they are those of the last.</summary>
    public void OutputsWritten(IReadOnlyList<WrittenOutput> outputs) => Write(() =>
    {
        foreach (var (flow, shard, file) in outputs)
        {
            _file.Do(LedgerSchema.SaveLateOutput, flow, shard, file.Path, file.Bytes, Convert.FromHexString(file.Sha256));
        }
    });

    /// <summary>A checkpoint is on the disk under its final name.</summary>
    public void CheckpointTaken(CheckpointEvent taken) => Write(() => _file.Do(
        LedgerSchema.SaveCheckpoint,
        taken.Sequence,
        taken.Flow,
        taken.Epoch,
        taken.Position,
        taken.File.Path,
        taken.File.Bytes,
        Convert.FromHexString(taken.File.Sha256),
        Now));

    /// <summary>Checkpoints that are no longer on the disk.</summary>
    public void CheckpointsRemoved(IReadOnlyList<long> sequences) => Write(() =>
    {
        foreach (var sequence in sequences)
        {
            _file.Do("DELETE FROM checkpoint WHERE sequence = $1", sequence);
        }
    });

    /// <summary>How far a flow is; one row a flow, replaced by each call.</summary>
    public void Progressed(ProgressEvent p) => Write(() =>
    {
        var (f, m) = (p.Forecast, p.Memory);
        _file.Do(
            LedgerSchema.SaveProgress, p.Flow, p.Done, p.Total, p.Rejected, p.Elapsed.Ticks, f.LastMinute, f.Overall, f.Remaining,
            f.Finish?.UtcTicks, m.Resident, m.Managed, m.Queued, m.NativeValues, Now);
        _file.Do("UPDATE flow SET elapsed_now = $2 WHERE name = $1", p.Flow, p.Elapsed.Ticks);
    });

    /// <summary>The files a flow reads; they replace those of the flow that were told before.</summary>
    public void InputsSeen(string flow, IReadOnlyList<InputFile> files) => Write(() =>
    {
        _file.Do("DELETE FROM input WHERE flow = (SELECT ordinal FROM flow WHERE name = $1)", Known(flow));
        foreach (var file in files)
        {
            _file.Do(LedgerSchema.SaveInput, flow, file.Path, file.Bytes, file.Modified.UtcTicks, Convert.FromHexString(file.QuickHash));
        }
    });

    /// <returns>The number of the session, from 1.</returns>
    public long SessionBegan(SessionEvent session) => Write(() => _file.Number(
        "INSERT INTO session (pid, host, version, started) VALUES ($1, $2, $3, $4) RETURNING number", session.Pid, session.Host, session.Version, Now));

    /// <param name="reason">One sentence where the run did not finish.</param>
    public void SessionEnded(long session, SessionEnd end, string? reason) => Write(() =>
        _file.Do("UPDATE session SET ended = $2, end = $3, reason = $4 WHERE number = $1", session, Now, LedgerWords.Of(end), reason));

    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
        }
    }

    private static void Prepare(string path, LedgerFile file)
    {
        // Readers go on while the run writes, and a call waits for the system, not for the disk.
        file.Do("PRAGMA journal_mode = WAL");
        file.Do("PRAGMA synchronous = NORMAL");
        file.Together(writes: true, () =>
        {
            switch (file.Number("PRAGMA user_version"))
            {
                case LedgerFile.Layout:
                    return true;
                case 0:
                    file.Do(LedgerSchema.Tables);
                    file.Do($"PRAGMA user_version = {LedgerFile.Layout}");
                    return true;
                case var other:
                    throw new RunException(LedgerWords.OtherLayout(path, other));
            }
        });
    }

    private void Save(ShardEvent shard, long now)
    {
        var (c, m) = (shard.Counts, shard.Memory);
        _file.Do(
            LedgerSchema.SaveShard, shard.Flow, shard.Epoch, shard.Shard, LedgerWords.Of(shard.State), c.Read, c.Left, c.Rejected, now,
            m?.Resident, m?.Managed, m?.Queued, m?.NativeValues);
        if (shard.Outputs.Count > 0)
        {
            _file.Do(LedgerSchema.ForgetOutputs, shard.Flow, shard.Epoch, shard.Shard);
        }

        foreach (var output in shard.Outputs)
        {
            _file.Do(LedgerSchema.SaveOutput, shard.Flow, shard.Epoch, shard.Shard, output.Path, output.Bytes, Convert.FromHexString(output.Sha256));
        }
    }

    /// <remarks>An update of a flow that is not there would change nothing and say nothing.</remarks>
    private string Known(string flow) => _file.Number("SELECT count(*) FROM flow WHERE name = $1", flow) == 1
        ? flow
        : throw new RunException($"the ledger '{_path}' has no flow '{flow}'");

    private void Write(Action act) => Write(() =>
    {
        act();
        return true;
    });

    private T Write<T>(Func<T> act)
    {
        lock (_gate)
        {
            try
            {
                return _file.Together(writes: true, act);
            }
            catch (SqliteException e)
            {
                throw new RunException($"cannot write the ledger '{_path}': {e.Message}", e);
            }
        }
    }
}
