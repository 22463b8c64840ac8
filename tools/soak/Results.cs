using System.Security.Cryptography;

namespace InMARS.Soak;

/// <summary>What a run is for, file by file: metrics, label maps, overlays, models, and its last checkpoint.</summary>
internal static class Results
{
    /// <summary>These tell of times, of processes, or in the order of chance.</summary>
    private static readonly string[] _apart = ["config.resolved.yaml", "events.jsonl", "ledger.sqlite", "lock", "manifest.json", "rejects.jsonl", "resume/", "stall-", "summary.md"];

    /// <summary>Name and hash of each file.</summary>
    public static IReadOnlyDictionary<string, string> Of(string run)
    {
        var files = Directory.EnumerateFiles(run, "*", SearchOption.AllDirectories)
            .Select(path => (Name: Path.GetRelativePath(run, path), Path: path))
            .Where(f => !Array.Exists(_apart, a => f.Name.StartsWith(a, StringComparison.Ordinal)))
            .ToDictionary(f => f.Name, f => Hash(f.Path));
        if (Directory.EnumerateFiles(Path.Combine(run, "resume"), "*.checkpoint").Max(StringComparer.Ordinal) is { } last)
        {
            files["last checkpoint"] = Hash(last);
        }

        return files;
    }

    /// <summary>Notes each file that is not the same in both.</summary>
    public static void Compare(IReadOnlyDictionary<string, string> expected, IReadOnlyDictionary<string, string> found, Tally tally)
    {
        foreach (var name in expected.Keys.Union(found.Keys).Order(StringComparer.Ordinal))
        {
            tally.Require(
                expected.GetValueOrDefault(name) == found.GetValueOrDefault(name),
                () => $"{name} {(!found.ContainsKey(name) ? "is missing in" : !expected.ContainsKey(name) ? "is only in" : "has other bytes in")} the disturbed run");
        }

        tally.Require(expected.Keys.Any(n => n.StartsWith("predictions/", StringComparison.Ordinal)), () => "there are no label maps");
    }

    private static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
