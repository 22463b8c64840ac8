using System.Formats.Tar;
using System.Text.Json.Nodes;

namespace InMARS.Tests.Support;

/// <summary>What a run left in its directory.</summary>
internal sealed class RunFolder(string path)
{
    public string Path => path;

    public IReadOnlyList<string> Files =>
        [.. Directory.GetFiles(path, "*", SearchOption.AllDirectories).Select(f => System.IO.Path.GetRelativePath(path, f)).Order(StringComparer.Ordinal)];

    public string Text(string file) => File.ReadAllText(System.IO.Path.Combine(path, file));

    public JsonNode Metrics => JsonNode.Parse(Text("metrics.json"))!;

    /// <summary>File name of the shard, key, stage and code of each reject, in ordinal order.</summary>
    public IReadOnlyList<string> Rejects =>
    [
        .. Text("rejects.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)
            .Select(r => $"{System.IO.Path.GetFileName((string)r["shard"]!)} {r["key"]} {r["stage"]} {r["code"]}").Order(StringComparer.Ordinal),
    ];

    /// <summary>The entries of the predicted shards, shard by shard; a damaged shard throws.</summary>
    public IReadOnlyDictionary<string, string[]> Predictions =>
        Directory.GetFiles(System.IO.Path.Combine(path, "predictions"), "*.tar").ToDictionary(f => System.IO.Path.GetFileName(f), Entries);

    private static string[] Entries(string tar)
    {
        using var file = File.OpenRead(tar);
        using var reader = new TarReader(file);
        List<string> names = [];
        while (reader.GetNextEntry() is { } entry)
        {
            names.Add(entry.Name);
        }

        return [.. names];
    }
}
