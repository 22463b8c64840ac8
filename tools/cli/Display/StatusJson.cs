using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Runs;

namespace InMARS.Cli.Display;

/// <summary>Where a run is, as one JSON object: times in UTC, spans in seconds, memory in bytes; null where something is not known.</summary>
internal static class StatusJson
{
    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(string directory, RunStatus status, RunWarnings? warnings) => new JsonObject
    {
        ["directory"] = directory,
        ["time"] = Time(status.Time),
        ["state"] = Word(status.State),
        ["holder"] = status.Holder is { } h ? new JsonObject { ["pid"] = h.Pid, ["host"] = h.Host, ["since"] = Time(h.Since), ["heartbeat"] = Time(h.Heartbeat) } : null,
        ["sessions"] = new JsonArray([.. status.Sessions.Select(Session)]),
        ["flows"] = new JsonArray([.. status.Flows.Select(Flow)]),
        ["checkpoint"] = status.LastCheckpoint is { } taken ? Checkpoint(taken) : null,
        ["warnings"] = warnings is null ? null : new JsonObject { ["count"] = warnings.Count, ["last"] = warnings.Last },
    }.ToJsonString(Form);

    private static JsonObject Session(SessionRow session) => new()
    {
        ["number"] = session.Number,
        ["pid"] = session.Event.Pid,
        ["host"] = session.Event.Host,
        ["version"] = session.Event.Version,
        ["started"] = Time(session.Started),
        ["ended"] = Time(session.Ended),
        ["end"] = session.End is { } end ? Word(end) : null,
        ["reason"] = session.Reason,
    };

    private static JsonObject Flow(FlowStatus flow) => new()
    {
        ["flow"] = flow.Row.Name,
        ["phase"] = Word(flow.Row.Phase),
        ["done"] = flow.Done,
        ["total"] = flow.Total,
        ["rejected"] = flow.Rejected,
        ["shards_done"] = flow.ShardsDone,
        ["shards_reading"] = flow.ShardsReading,
        ["started"] = Time(flow.Row.Started),
        ["ended"] = Time(flow.Row.Ended),
        ["elapsed"] = flow.Row.Elapsed.TotalSeconds,
        ["progress"] = flow.Progress is { } progress ? Progress(progress) : null,
    };

    private static JsonObject Progress(ProgressRow progress)
    {
        var (forecast, memory) = (progress.Event.Forecast, progress.Event.Memory);
        return new JsonObject
        {
            ["time"] = Time(progress.Time),
            ["per_second_last_minute"] = forecast.LastMinute,
            ["per_second"] = forecast.Overall,
            ["remaining"] = forecast.Remaining,
            ["finish"] = Time(forecast.Finish),
            ["resident_bytes"] = memory.Resident,
            ["managed_bytes"] = memory.Managed,
            ["queued_bytes"] = memory.Queued,
            ["live_tensors"] = memory.NativeValues,
        };
    }

    private static JsonObject Checkpoint(CheckpointRow taken) => new()
    {
        ["sequence"] = taken.Event.Sequence,
        ["flow"] = taken.Event.Flow,
        ["epoch"] = taken.Event.Epoch,
        ["position"] = taken.Event.Position,
        ["path"] = taken.Event.File.Path,
        ["bytes"] = taken.Event.File.Bytes,
        ["sha256"] = taken.Event.File.Sha256,
        ["time"] = Time(taken.Time),
    };

    private static string Word<T>(T state)
        where T : struct, Enum => state.ToString().ToLowerInvariant();

    private static string? Time(DateTimeOffset? moment) => moment?.ToUniversalTime().ToString("O");
}
