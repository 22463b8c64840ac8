using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Sweeps;

namespace InMARS.Cli.Sweeps;

/// <summary>The table of a sweep for programs: every figure in full, one line or object each.</summary>
internal static class SweepData
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Names hold no commas or quotes, so nothing needs quoting.</summary>
    public static string Csv(SweepPlan plan, IReadOnlyList<SweepRun> runs)
    {
        var text = new StringBuilder();
        text.AppendJoin(',', ["task", "variant", "result", "figure", "n", "mean", "sd", .. plan.Seeds.Select(s => $"seed_{s}")]).Append('\n');
        foreach (var line in SweepLine.Of(runs))
        {
            text.AppendJoin(',',
            [
                line.Task,
                line.Variant,
                line.Row,
                line.Figure,
                $"{line.Spread.Values.Count}",
                Show(line.Spread.Mean),
                line.Spread.Deviation is { } deviation ? Show(deviation) : "",
                .. plan.Seeds.Select(seed => line.Spread.Values.Where(v => v.Key == seed).Select(v => Show(v.Value)).FirstOrDefault("")),
            ]).Append('\n');
        }

        return text.ToString();
    }

    public static string Json(SweepPlan plan, IReadOnlyList<SweepRun> runs) => new JsonObject
    {
        ["name"] = plan.Name,
        ["seeds"] = new JsonArray([.. plan.Seeds.Select(s => JsonValue.Create(s))]),
        ["table"] = new JsonArray([.. SweepLine.Of(runs).Select(Json)]),
        ["runs"] = new JsonArray([.. runs.Select(Json)]),
    }.ToJsonString(Indented) + "\n";

    private static JsonObject Json(SweepLine line) => new()
    {
        ["task"] = line.Task,
        ["variant"] = line.Variant,
        ["result"] = line.Row,
        ["figure"] = line.Figure,
        ["n"] = line.Spread.Values.Count,
        ["mean"] = line.Spread.Mean,
        ["sd"] = line.Spread.Deviation,
        ["values"] = new JsonObject(line.Spread.Values.Select(v => KeyValuePair.Create($"{v.Key}", (JsonNode?)v.Value))),
    };

    private static JsonObject Json(SweepRun run) => new()
    {
        ["task"] = run.Plan.Task,
        ["variant"] = run.Plan.Variant,
        ["seed"] = run.Plan.Seed,
        ["directory"] = run.Plan.Directory,
        ["trouble"] = run.Trouble,
        ["inmars"] = run.Record?.Version,
        ["config_sha256"] = run.Record?.ConfigHash,
        ["seconds"] = run.Record?.Seconds,
        ["rejected"] = run.Record?.Rejected,
        ["results"] = new JsonArray([.. (run.Record?.Results ?? []).Select(Json)]),
    };

    private static JsonObject Json(RunResult result) => new()
    {
        ["flow"] = result.Flow,
        ["stage"] = result.Stage,
        ["figures"] = new JsonObject(result.Figures.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value))),
        ["notes"] = new JsonArray([.. result.Notes.Select(n => JsonValue.Create(n))]),
    };

    private static string Show(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
