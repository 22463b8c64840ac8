using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Runs;

/// <summary>The edge of a run: its directory, its logs, its reject policy, and whoever watches.</summary>
internal sealed class RunHost : IRunHost, IDisposable
{
    /// <summary>While a flow has read fewer, its share of rejected items says little; it is looked at again when the flow ends.</summary>
    private const int FewItems = 100;

    /// <summary>Output waits so many times as long as a checkpoint takes, so that small shards cost at most a twentieth of the time.</summary>
    private const int CostsBetween = 20;

    private readonly RunSettings _settings;
    private readonly RunDirectory _directory;
    private readonly RunOptions _options;
    private readonly RunSession _session;
    private readonly JsonLog _events;
    private readonly RejectLog _rejects;
    private readonly Checkpoints _checkpoints;
    private readonly List<string> _done;
    private readonly ConcurrentQueue<FlowReport> _reports;
    private FlowProgress? _progress;
    private long _rejected;

    /// <param name="from">Where an earlier process left the run; none where it begins.</param>
    public RunHost(RunSettings settings, RunDirectory directory, RunOptions options, SavedState? from, RunSession session)
    {
        (_settings, _directory, _options, _session) = (settings, directory, options, session);
        _events = new JsonLog(directory.File("events.jsonl"));
        _rejects = new RejectLog(directory, options.Quarantine, from);
        _checkpoints = new Checkpoints(directory, settings, options.Time, from);
        session.Tell = (kind, message, data) => Log(_progress?.Flow ?? "", "", kind, message.Length > 0 ? message : null, data);
        (_done, _reports, _rejected) = ([.. from?.Done ?? []], new(from?.Reports ?? []), from?.Rejected ?? 0);
    }

    public RunSettings Settings => _settings;

    public TimeProvider Time => _options.Time;

    public bool StopRequested => _session.Stopping.IsCancellationRequested;

    public void Stop(string reason) => _session.Stop(reason);

    public TimeSpan StopWithin => TimeSpan.FromSeconds(_settings.StopSeconds);

    public bool HasCheckpoint => _checkpoints.Any;

    public bool CheckpointDue => _checkpoints.IsDue || _rejects.IsFull;

    public long RejectedItems => Interlocked.Read(ref _rejected);

    public IReadOnlyCollection<FlowReport> Reports => _reports;

    /// <summary>What the flow did that did not reach its end; null where all have so far.</summary>
    public FlowSummary? Unfinished { get; private set; }

    public bool IsShardDue(TimeSpan cost, TimeSpan since) => since >= CostsBetween * cost;

    public void Save(FlowState? state)
    {
        var start = _options.Time.GetTimestamp();
        var quarantine = _rejects.Pause();
        var written = _checkpoints.Write(new SavedState(_done, [.. _reports], RejectedItems, _rejects.Length, state)
        {
            Quarantine = quarantine.Fixed,
            GrowingQuarantine = quarantine.Growing,
        });
        _session.CheckpointTaken(written, state?.Flow ?? _done[^1], state?.Next ?? default);
        Log(state?.Flow ?? "", "", "checkpoint", null, new JsonObject
        {
            ["file"] = Path.GetFileName(written.Path),
            ["bytes"] = written.Bytes,
            ["epoch"] = state?.Next.Epoch,
            ["position"] = state?.Next.Position,
            ["ms"] = Math.Round(_options.Time.GetElapsedTime(start).TotalMilliseconds, 1),
        });
    }

    public void ShardsSettled(string flow, IReadOnlyList<ShardCounts> shards) =>
        _session.ShardsSettled(flow, shards, MemoryProbe.Read(_options.Resident(), _progress?.Queued() ?? 0, _options.NativeValues));

    public Fault? Refusal(string flow, Origin origin) => _session.Refusal(flow, origin);

    public void Wrote(string flow, string shard, string path) => _session.Wrote(flow, shard, path);

    public string PathInRun(params ReadOnlySpan<string> parts) => _directory.File(parts);

    public void Log(string flow, string stage, string kind, string? message, JsonObject? data)
    {
        var line = new JsonObject { ["time"] = Time.GetUtcNow().ToString("O"), ["kind"] = kind, ["flow"] = flow, ["stage"] = stage };
        if (message is not null)
        {
            line["message"] = message;
            _options.Observer?.Message(flow, kind, message);
        }

        if (data is not null)
        {
            line["data"] = data.DeepClone();
        }

        _events.Write(line);
    }

    public void Report(string flow, string stage, StageReport report)
    {
        var reported = new FlowReport(flow, stage, report);
        _reports.Enqueue(reported);
        Log(flow, stage, "report", null, new JsonObject
        {
            ["kind"] = report.Kind,
            ["headline"] = new JsonObject(report.Headline.Select(h => KeyValuePair.Create(h.Key, Numbers.Json(h.Value)))),
        });
        _options.Observer?.Reported(reported);
    }

    public void Rejected(Reject reject)
    {
        var total = Interlocked.Increment(ref _rejected);
        _rejects.Add(reject);
        Log(reject.Flow, reject.Stage, "reject", null, RejectLog.Line(reject));
        var policy = _settings.Rejects;
        if (policy.Max >= 0 && total > policy.Max)
        {
            throw new RejectLimitException($"{total} items were rejected, and rejects.max is {policy.Max}; the last was {reject.Origin}: {reject.Fault.Message}");
        }

        // An item that is being rejected has not left the graph yet, so those that have may be fewer.
        var rejected = _progress?.Rejected() ?? 0;
        var read = Math.Max(_progress?.Done() ?? 0, rejected);
        if (read >= FewItems)
        {
            CheckShare(rejected, read, $"the last was {reject.Origin}: {reject.Fault.Message}");
        }
    }

    public void Started(FlowProgress progress)
    {
        _progress = progress;
        _rejects.Begin(progress.Flow);
        _session.FlowStarted(progress);
        Log(progress.Flow, "", "flow.started", null, new JsonObject { ["total"] = progress.Total });
        _options.Observer?.FlowStarted(progress);
    }

    public void Stopped(FlowSummary summary)
    {
        Unfinished = summary;
        try
        {
            _session.FlowEnded(summary.Flow, FlowPhase.Stopped, new ItemCounts(summary.Read, summary.Left, summary.Rejected), summary.Elapsed);
        }
        catch (RunException)
        {
            // The disk that failed the flow may hold the ledger too; what failed first is told.
        }
    }

    /// <summary>No flow is under way any more: what was rejected is on the disk on return.</summary>
    public void KeepRejects() => _rejects.End();

    public void Ended(FlowSummary summary)
    {
        KeepRejects();
        Log(summary.Flow, "", "flow.ended", null, Numbers.Json(summary));
        _options.Observer?.FlowEnded(summary);
        CheckShare(summary.Rejected, summary.Read, "rejects.jsonl says why");
        FlowFile.Write(_directory, summary);
        _done.Add(summary.Flow);
        Save((FlowState?)null);
        _session.FlowEnded(summary.Flow, FlowPhase.Done, new ItemCounts(summary.Read, summary.Left, summary.Rejected), summary.Elapsed);
    }

    private void CheckShare(long rejected, long read, string reason)
    {
        if (rejected > _settings.Rejects.MaxShare * read)
        {
            throw new RejectLimitException($"{rejected} of {read} items were rejected, and rejects.max_share is {_settings.Rejects.MaxShare}; {reason}");
        }
    }

    public void Dispose()
    {
        _events.Dispose();
        _rejects.Dispose();
        _checkpoints.Dispose();
    }
}
