using System.Text.Json.Nodes;
using InMARS.Pipeline.Graphs;

namespace InMARS.Pipeline.Runs;

/// <summary>Figures as JSON.</summary>
internal static class Numbers
{
    /// <summary>A number, or null where JSON has none for it.</summary>
    public static JsonNode? Json(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    public static JsonObject Json(FlowSummary flow) => new()
    {
        ["read"] = flow.Read,
        ["left"] = flow.Left,
        ["rejected"] = flow.Rejected,
        ["seconds"] = flow.Elapsed.TotalSeconds,
        ["opening_seconds"] = flow.Opening.TotalSeconds,
        ["efficiency"] = Json(flow.Efficiency(Environment.ProcessorCount)),
        ["peak_items"] = flow.PeakItems,
        ["peak_bytes"] = flow.PeakBytes,
        ["bottleneck"] = flow.Bottleneck,
        ["stages"] = new JsonArray([.. flow.Stages.Select(Json)]),
    };

    private static JsonObject Json(StageFigures stage) => new()
    {
        ["stage"] = stage.Stage,
        ["parallelism"] = stage.Parallelism,
        ["in"] = stage.In,
        ["passed"] = stage.Passed,
        ["rejected"] = stage.Rejected,
        ["dropped"] = stage.Dropped,
        ["emitted"] = stage.Emitted,
        ["bytes"] = stage.Bytes,
        ["busy"] = Json(stage.Times.Busy),
        ["starved"] = Json(stage.Times.Starved),
        ["blocked"] = Json(stage.Times.Blocked),
        ["mean_ms"] = Json(stage.Times.MeanMs),
        ["p95_ms"] = Json(stage.Times.P95Ms),
        ["mean_queue"] = Json(stage.Times.MeanQueue),
        ["kernel_seconds"] = Json(stage.Times.KernelSeconds),
    };
}
