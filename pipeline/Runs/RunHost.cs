using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Runs;

/// <summary>The edge of a run: its directory, its logs, its reject policy, and whoever watches.</summary>
internal sealed class RunHost(RunSettings settings, RunDirectory directory, TimeProvider time, IRunObserver? observer) : IRunHost, IDisposable
{
    /// <summary>While a flow has read fewer, its share of rejected items says little; it is looked at again when the flow ends.</summary>
    private const int FewItems = 100;

    private readonly JsonLog _events = new(directory.File("events.jsonl"));
    private readonly JsonLog _rejects = new(directory.File("rejects.jsonl"));
    private readonly ConcurrentQueue<FlowReport> _reports = new();
    private FlowProgress? _progress;
    private long _rejected;

    public RunSettings Settings => settings;

    public TimeProvider Time => time;

    public long RejectedItems => Interlocked.Read(ref _rejected);

    public IReadOnlyCollection<FlowReport> Reports => _reports;

    public string PathInRun(params ReadOnlySpan<string> parts) => directory.File(parts);

    public void Log(string flow, string stage, string kind, string? message, JsonObject? data)
    {
        var line = new JsonObject { ["time"] = time.GetUtcNow().ToString("O"), ["kind"] = kind, ["flow"] = flow, ["stage"] = stage };
        if (message is not null)
        {
            line["message"] = message;
            observer?.Message(flow, kind, message);
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
        observer?.Reported(reported);
    }

    public void Rejected(Reject reject)
    {
        var total = Interlocked.Increment(ref _rejected);
        _rejects.Write(new JsonObject
        {
            ["shard"] = reject.Origin.Shard,
            ["key"] = reject.Origin.Key,
            ["flow"] = reject.Flow,
            ["stage"] = reject.Stage,
            ["epoch"] = reject.Epoch,
            ["index"] = reject.Index,
            ["code"] = reject.Fault.Code,
            ["message"] = reject.Fault.Message,
        });
        var policy = settings.Rejects;
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
        Log(progress.Flow, "", "flow.started", null, new JsonObject { ["total"] = progress.Total });
        observer?.FlowStarted(progress);
    }

    public void Ended(FlowSummary summary)
    {
        Log(summary.Flow, "", "flow.ended", null, Numbers.Json(summary));
        observer?.FlowEnded(summary);
        CheckShare(summary.Rejected, summary.Read, "rejects.jsonl says why");
    }

    private void CheckShare(long rejected, long read, string reason)
    {
        if (rejected > settings.Rejects.MaxShare * read)
        {
            throw new RejectLimitException($"{rejected} of {read} items were rejected, and rejects.max_share is {settings.Rejects.MaxShare}; {reason}");
        }
    }

    public void Dispose()
    {
        _events.Dispose();
        _rejects.Dispose();
    }
}
