using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Runs;

/// <summary>
/// One process at work on a run: its lock, its lines in the ledger, and the watch over time, disk and progress. What makes it
/// end the run early is a token and a sentence.
/// </summary>
internal sealed class RunSession : IAsyncDisposable
{
    private readonly RunLock _lock;
    private readonly Ledger _ledger;
    private readonly long _number;
    private readonly RunWatch _watch;
    private readonly Suspects _suspects;
    private readonly CancellationTokenSource _stop;
    private readonly ConcurrentQueue<WrittenOutput> _written = new();
    private Exception? _failure;

    public RunSession(RunDirectory directory, RunLock held, RunPlan plan, RunOptions options, CancellationToken interrupt)
    {
        _lock = held;
        Directory = directory.Path;
        _suspects = new Suspects(directory);
        _ledger = Ledger.Open(Directory, options.Time);
        _ledger.FlowsPlanned([.. plan.Flows.Select((flow, i) => new PlannedFlow(i, flow.Name, null))]);
        _number = _ledger.SessionBegan(new SessionEvent(Environment.ProcessId, Environment.MachineName, options.Version));
        _stop = CancellationTokenSource.CreateLinkedTokenSource(interrupt, held.Lost);
        _watch = new RunWatch(plan.Settings, Directory, options, new RunWatch.Listeners(Stop, Note, _suspects.Note));
    }

    public string Directory { get; }

    /// <summary>Where sentences of the watch go; set by the host.</summary>
    public Action<string, string, JsonObject?> Tell { get; set; } = (_, _, _) => { };

    /// <summary>Cancelled when the run is to stop, whoever wants that.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Done when nothing moves any more and waiting is useless.</summary>
    public Task GivenUp => _watch.GivenUp;

    /// <summary>Why the run stops, where it was not the user.</summary>
    public string? Reason { get; private set; }

    /// <summary>Why the run can no longer be written; null while it can.</summary>
    public Exception? Failure => _failure ?? (_lock.Lost.IsCancellationRequested
        ? new RunException($"the lock of '{Directory}' is no longer that of this process, which must not write there any more")
        : null);

    public Fault? Refusal(string flow, Origin origin) => _suspects.Refusal(flow, origin);

    public void InputsSeen(FlowPlan flow)
    {
        using var known = LedgerReader.Open(Directory);
        _ledger.InputsSeen(flow.Name, InputFiles.Of(flow.Graph, known.Inputs(flow.Name)));
    }

    public void FlowStarted(FlowProgress progress)
    {
        _ledger.FlowStarted(progress.Flow, progress.Total);
        _watch.FlowStarted(progress, state => _ledger.Progressed(state));
    }

    public void FlowEnded(string flow, FlowPhase phase, ItemCounts counts, TimeSpan elapsed)
    {
        _watch.FlowEnded();
        _ledger.FlowEnded(flow, phase, counts, elapsed);
    }

    /// <summary>A file has its name; the ledger is told when the shards are settled next.</summary>
    public void Wrote(string flow, string shard, string path) =>
        _written.Enqueue(new WrittenOutput(flow, shard, WrittenFile.Of(Directory, path)));

    public void ShardsSettled(string flow, IReadOnlyList<ShardCounts> shards, MemoryFigures memory)
    {
        _ledger.ShardsChanged(
        [
            .. shards.Select(s => new ShardEvent(
                flow, s.Epoch, s.Shard, s.Done ? ShardState.Done : ShardState.Reading, new ItemCounts(s.Read, s.Left, s.Rejected), [], memory)),
        ]);
        List<WrittenOutput> written = [];
        while (_written.TryDequeue(out var output))
        {
            written.Add(output);
        }

        _ledger.OutputsWritten(written);
    }

    /// <param name="flow">The flow under way, or the last that has ended.</param>
    public void CheckpointTaken(WrittenCheckpoint checkpoint, string flow, Cursor next)
    {
        _ledger.CheckpointTaken(checkpoint.Event(Directory, flow, next));
        _ledger.CheckpointsRemoved(checkpoint.Removed);
    }

    /// <summary>Ends the run at its next border; the first reason is told.</summary>
    public void Stop(string reason)
    {
        Reason ??= reason;
        _ = _stop.CancelAsync();
    }

    /// <summary>Writes how the session ended.</summary>
    public void End(RunEnd end, string? reason) => _ledger.SessionEnded(
        _number,
        end switch
        {
            RunEnd.Clean or RunEnd.WithRejects => SessionEnd.Finished,
            RunEnd.Interrupted => SessionEnd.Stopped,
            _ => SessionEnd.Failed,
        },
        reason);

    /// <summary>Nothing is told any more.</summary>
    public ValueTask CloseWatchAsync() => _watch.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseWatchAsync().ConfigureAwait(false);
        _ledger.Dispose();
        _stop.Dispose();
    }

    private void Note(string kind, string message, JsonObject? data, Exception? failure)
    {
        _failure ??= failure;
        try
        {
            Tell(kind, message, data);
        }
        catch (RunException e)
        {
            // A full disk takes the line about it no more than anything else, and nobody is above the thread of the watch to catch this.
            _failure ??= e;
        }

        if (_failure is not null)
        {
            _ = _stop.CancelAsync();
        }
    }
}

/// <summary>A checkpoint as it lies on the disk.</summary>
/// <param name="Removed">Numbers of those that made room for it.</param>
internal sealed record WrittenCheckpoint(long Number, string Path, long Bytes, string Sha256, IReadOnlyList<long> Removed)
{
    /// <summary>For the ledger of a run directory.</summary>
    public CheckpointEvent Event(string directory, string flow, Cursor next) =>
        new(Number, flow, next.Epoch, next.Position, new WrittenFile(System.IO.Path.GetRelativePath(directory, Path), Bytes, Sha256));
}
