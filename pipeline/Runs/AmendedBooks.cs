using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Runs;

/// <summary>The books of a run that has ended, when rejected items of it were tried again: <c>rejects.jsonl</c>, <c>metrics.json</c>, <c>summary.md</c>.</summary>
public static class AmendedBooks
{
    private static readonly JsonSerializerOptions Line = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes them; each file is seen as it was, or as it is then.</summary>
    /// <param name="by">Name of the run that has tried.</param>
    /// <exception cref="RunException">A file cannot be read or written.</exception>
    public static void Write(string path, string by, IReadOnlyList<RequeuedItem> items)
    {
        var directory = RunDirectory.Open(path);
        try
        {
            directory.Write("rejects.jsonl", Rejects(File.ReadAllLines(directory.File("rejects.jsonl")), items));
            directory.Write("metrics.json", Metrics(JsonNode.Parse(File.ReadAllText(directory.File("metrics.json")))!, items).ToJsonString(Indented) + "\n");
            directory.Write("summary.md", Summary(File.ReadAllText(directory.File("summary.md")), by, items));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            throw new RunException($"cannot amend the books of '{path}': {e.Message}", e);
        }
    }

    /// <summary>Lines of items that have passed go; those of the others say what was wrong last.</summary>
    private static string Rejects(IEnumerable<string> lines, IReadOnlyList<RequeuedItem> items)
    {
        var tried = items.ToLookup(i => (i.Flow, i.Origin.Shard, i.Origin.Key));
        var kept = lines.Where(l => l.Length > 0).Select(l => JsonNode.Parse(l)!.AsObject()).Select(reject =>
        {
            var same = tried[((string)reject["flow"]!, (string)reject["shard"]!, (string)reject["key"]!)].ToList();
            return same.Count == 0 ? reject : same.Find(i => i.Fault is not null) is { Fault: { } fault } failed ? Again(reject, failed.Stage, fault) : null;
        });
        return string.Concat(kept.OfType<JsonObject>().Select(reject => reject.ToJsonString(Line) + "\n"));
    }

    private static JsonObject Again(JsonObject reject, string stage, Fault fault)
    {
        (reject["stage"], reject["code"], reject["message"], reject["attempt"]) = (stage, fault.Code, fault.Message, fault.Attempts);
        return reject;
    }

    private static JsonNode Metrics(JsonNode metrics, IReadOnlyList<RequeuedItem> items)
    {
        var flows = metrics["items"]!.AsObject();
        foreach (var flow in items.Where(i => i.Fault is null).GroupBy(i => i.Flow))
        {
            var books = flows[flow.Key]!;
            books["rejected"] = (long)books["rejected"]! - flow.Count();
            books["requeued"] = ((long?)books["requeued"] ?? 0) + flow.Count();
        }

        if ((string?)metrics["end"] == nameof(RunEnd.WithRejects) && flows.Sum(f => (long)f.Value!["rejected"]!) == 0)
        {
            metrics["end"] = nameof(RunEnd.Clean);
        }

        return metrics;
    }

    private static string Summary(string summary, string by, IReadOnlyList<RequeuedItem> items)
    {
        var lines = items.GroupBy(i => i.Flow).Select(f => $"- Flow {f.Key}: {f.Count(i => i.Fault is null)} of {f.Count()} rejected items have passed and are in its outputs now.\n");
        return $"{summary}## Tried again, {by}\n\n{string.Concat(lines)}\n";
    }
}
