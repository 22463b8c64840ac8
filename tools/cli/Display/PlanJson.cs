using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using InMARS.Cli.Planning;
using InMARS.Pipeline.Graphs;
using InMARS.Stages.Shards;

namespace InMARS.Cli.Display;

/// <summary>What a run will take, as one JSON object: times in UTC, spans in seconds, sizes in bytes, shares from 0 to 1; null where something is not known.</summary>
internal static class PlanJson
{
    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(RunFigures run) => new JsonObject
    {
        ["name"] = run.Plan.Settings.Name,
        ["directory"] = run.Plan.Settings.Directory,
        ["time"] = run.Now.ToUniversalTime().ToString("O"),
        ["flows"] = new JsonArray([.. run.Flows.Select(Flow)]),
        ["seconds"] = run.Time?.TotalSeconds,
        ["finish"] = run.Finish?.ToUniversalTime().ToString("O"),
        ["longest"] = run.Longest?.Flow,
        ["memory_bytes"] = run.Memory,
        ["memory_limit_bytes"] = run.MemoryLimit,
        ["disk_bytes"] = run.Written,
        ["cache_bytes"] = run.Cached,
        ["free_bytes"] = run.Free,
        ["fits"] = run.Fits,
        ["refused"] = new JsonArray([.. run.Refusals.Select(Refused)]),
    }.ToJsonString(Form);

    private static JsonObject Flow(FlowFigures flow) => new()
    {
        ["flow"] = flow.Flow,
        ["items"] = flow.Items,
        ["epochs"] = flow.Epochs,
        ["files"] = flow.Input.Files,
        ["bytes"] = flow.Input.Bytes,
        ["missing"] = flow.Input.Missing,
        ["notes"] = new JsonArray([.. flow.Input.Check.Notes.Select(n => JsonValue.Create(n))]),
        ["survey"] = flow.Survey is { } survey ? Survey(survey) : null,
        ["trial_items"] = flow.Second?.Summary.Read,
        ["per_second"] = flow.PerSecond,
        ["seconds"] = flow.Time?.TotalSeconds,
        ["memory_bytes"] = flow.Memory,
        ["disk_bytes"] = flow.Written,
        ["cache_bytes"] = flow.Cached,
        ["bottleneck"] = flow.Second?.Summary.Bottleneck,
        ["auto"] = flow.Second?.Summary.Auto is { } auto ? Auto(auto) : null,
    };

    private static JsonObject Auto(AutoSetting auto) => new()
    {
        ["cores"] = auto.Cores,
        ["pace_ms"] = auto.PaceMs,
        ["items_alive"] = auto.Alive,
        ["stages"] = new JsonArray([.. auto.Stages.Select(s => new JsonObject { ["stage"] = s.Stage, ["ms"] = s.Work, ["parallelism"] = s.Parallelism, ["capacity"] = s.Capacity })]),
    };

    private static JsonObject Survey(SampleSurvey survey) => new()
    {
        ["looked_at"] = survey.Looked,
        ["sizes"] = new JsonArray([.. survey.Sizes.Select(s => new JsonObject { ["width"] = s.Key.Width, ["height"] = s.Key.Height, ["images"] = s.Value })]),
        ["bands"] = new JsonObject(survey.Bands.Select(b => KeyValuePair.Create($"{b.Key}", (JsonNode?)b.Value))),
        ["formats"] = new JsonObject(survey.Formats.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value))),
        ["label_maps"] = survey.LabelMaps,
        ["label_ids"] = new JsonObject(survey.Ids.Select(id => KeyValuePair.Create($"{id.Key}", (JsonNode?)id.Value))),
    };

    private static JsonObject Refused(Refusal refusal) => new()
    {
        ["flow"] = refusal.Flow,
        ["stage"] = refusal.Stage,
        ["count"] = refusal.Count,
        ["looked_at"] = refusal.Of,
        ["first"] = refusal.First,
    };
}
