using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Runs;

namespace InMARS.Pipeline.Sweeps;

/// <summary>A result as <c>metrics.json</c> tells it.</summary>
/// <param name="Figures">Few named numbers, in the order they are to be shown.</param>
public sealed record RunResult(string Flow, string Stage, IReadOnlyList<KeyValuePair<string, double>> Figures, IReadOnlyList<string> Notes);

/// <summary>What a run that reached its end left in its directory.</summary>
/// <param name="ConfigHash">SHA-256 of its resolved run file.</param>
/// <param name="Version">Version of the program that made it; null where it is not told.</param>
/// <param name="Seconds">From its start to its end; null where its log does not tell.</param>
/// <param name="Rejected">Items that were refused, over all flows.</param>
public sealed record RunRecord(string ConfigHash, string? Version, double? Seconds, long Rejected, IReadOnlyList<RunResult> Results)
{
    private const int Context = 30;
    private static readonly string[] NoFigures = ["stage", "kind", "notes", "detail"];

    /// <summary>Reads a run directory; null where no run lies there that reached its end.</summary>
    public static RunRecord? Read(string directory)
    {
        try
        {
            var metrics = Json(directory, "metrics.json");
            var manifest = Json(directory, "manifest.json");
            return Enum.TryParse<RunEnd>((string?)metrics["end"], out var end) && end is RunEnd.Clean or RunEnd.WithRejects
                ? new RunRecord(
                    (string?)manifest["config_sha256"] ?? "",
                    (string?)manifest["inmars"],
                    Took(directory, manifest),
                    Part(metrics, "items").AsObject().Sum(f => (long)Part(f.Value, "rejected")),
                    [.. Part(metrics, "results").AsObject().SelectMany(f => (f.Value as JsonArray ?? []).Select(r => Result(f.Key, r as JsonObject ?? [])))])
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException)
        {
            // Cut off or damaged: as good as no run.
            return null;
        }
    }

    /// <summary>Why the run that lies there is not the one that is planned; null where it is.</summary>
    /// <param name="version">Version of the program; null to take those of any.</param>
    public string? Differs(PlannedRun plan, string? version)
    {
        if (ConfigHash != Manifest.Hash(plan.Resolved))
        {
            return $"its configuration has changed{FirstChange(plan)}";
        }

        return version is null || version == Version ? null : $"it was made by version {Version ?? "unknown"} of the program";
    }

    private static string FirstChange(PlannedRun plan)
    {
        var file = Path.Combine(plan.Directory, "config.resolved.yaml");
        if (!File.Exists(file))
        {
            return "";
        }

        var (old, planned) = (File.ReadAllLines(file), plan.Resolved.TrimEnd('\n').Split('\n'));
        var line = Enumerable.Range(0, Math.Max(old.Length, planned.Length)).Where(i => At(old, i) != At(planned, i)).FirstOrDefault(-1);
        return line < 0 ? "" : $" (line {line + 1} of {file}: '{Around(At(old, line), At(planned, line))}' is now '{Around(At(planned, line), At(old, line))}')";
    }

    /// <summary>What a line says where it differs from another.</summary>
    private static string Around(string line, string other)
    {
        var same = line.AsSpan().CommonPrefixLength(other);
        var start = same <= Context ? 0 : same - Context;
        return (line.Length > start + 2 * Context ? line.Substring(start, 2 * Context) : line[start..]).Trim();
    }

    private static string At(string[] lines, int index) => index < lines.Length ? lines[index] : "";

    private static JsonNode Json(string directory, string file) => Parse(File.ReadAllText(Path.Combine(directory, file)));

    private static JsonNode Parse(string text) => JsonNode.Parse(text) ?? throw new JsonException("expected an object, found null");

    private static JsonNode Part(JsonNode? node, string key) => node?[key] ?? throw new JsonException($"{key} is missing");

    private static RunResult Result(string flow, JsonObject result) => new(
        flow,
        (string?)result["stage"] ?? "",
        [.. result.Where(p => !NoFigures.Contains(p.Key) && p.Value is JsonValue).Select(p => KeyValuePair.Create(p.Key, (double)p.Value!))],
        [.. (result["notes"] as JsonArray ?? []).Select(n => (string?)n ?? "")]);

    private static double? Took(string directory, JsonNode manifest)
    {
        var ended = Parse(File.ReadLines(Path.Combine(directory, "events.jsonl")).Last());
        return (string?)ended["kind"] == "run.ended" ? (Time(Part(ended, "time")) - Time(Part(manifest, "started"))).TotalSeconds : null;
    }

    private static DateTimeOffset Time(JsonNode node) => DateTimeOffset.Parse(node.GetValue<string>(), CultureInfo.InvariantCulture);
}
