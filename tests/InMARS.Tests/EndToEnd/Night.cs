using System.Security.Cryptography;
using InMARS.Tests.Support;

namespace InMARS.Tests.EndToEnd;

/// <summary>A run of every kind of flow over whole and damaged shards, made to be disturbed, and what it must give all the same.</summary>
internal sealed class Night(TemporaryFolder folder)
{
    /// <summary>The run's directory, as seen from where it was started.</summary>
    public const string Run = "runs/night";

    /// <summary>Runs it alone.</summary>
    /// <returns>What it gives.</returns>
    public async Task<string> UndisturbedAsync()
    {
        BadShards.Write(folder["data"]);
        BadShards.WriteGood(folder["data"], shards: 5, perShard: 7);
        var place = Place("undisturbed");
        var whole = await place.RunAsync("run", RunFile());
        Assert.True(whole.Code == 3, whole.Told);
        return Digest(place);
    }

    /// <summary>A new place to run it in.</summary>
    public Inmars Place(string name) => new(Directory.CreateDirectory(folder[name]).FullName);

    /// <summary>What brings it to its end, whatever happened to it there.</summary>
    public string[] Continue(Inmars place) =>
        File.Exists(Path.Combine(PathOf(place), "manifest.json")) ? ["resume", Run] : ["run", RunFile(), "--overwrite"];

    /// <summary>Its directory in a place.</summary>
    public static string PathOf(Inmars place) => Path.Combine(place.Directory, "runs", "night");

    /// <summary>Everything that a run is for, and its last checkpoint.</summary>
    public static string Digest(Inmars place)
    {
        var run = new RunFolder(PathOf(place));
        string[] timed = ["events.jsonl", "ledger.sqlite", "lock", "manifest.json", "summary.md", "resume/flow-"];
        var files = run.Files.Where(f => !Array.Exists(timed, t => f.StartsWith(t, StringComparison.Ordinal)) && !f.EndsWith(".checkpoint", StringComparison.Ordinal));
        var last = run.Files.Last(f => f.EndsWith(".checkpoint", StringComparison.Ordinal));
        return string.Join('\n', files.Append(last).Select(f => $"{(f == last ? "last checkpoint" : f)} {Hash(Path.Combine(run.Path, f))}"));
    }

    private static string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    /// <summary>Its run file.</summary>
    public string RunFile()
    {
        var path = folder["night.yaml"];
        File.WriteAllText(
            path,
            $$"""
            run: { name: night, threads: 1, cache: cache, checkpoint_minutes: 0.002 }
            define:
              prepare:
                - { use: image.decode, with: { labels: { strict: true, classes: { left: [0], right: [1] } } } }
                - { use: superpixel.slic, with: { region_size: 8 } }
            flows:
              - name: train
                epochs: 5
                source: { use: shard.read, with: { path: "{{folder["data"]}}/*.tar", shuffle: true } }
                steps:
                  - { use: image.decode }
                  - { use: image.flip }
                  - { use: superpixel.slic, with: { region_size: 8 } }
                  - { use: batch, with: { size: 4 } }
                  - { use: collate }
                  - { use: learn.inmars, with: { clusters: 2, network: { width: 8 }, ramp_steps: 4, marginal_memory: 0.5, accumulate: 2, snapshots: 3 } }
                sinks: [{ use: write.metrics }]
              - name: predict
                source: { use: shard.read, with: { path: "{{folder["data"]}}/*.tar" } }
                steps:
                  - steps: prepare
                  - { use: batch, with: { size: 3 } }
                  - { use: segment }
                sinks: [{ use: write.labels, with: { open_shards: 2 } }, { use: write.overlay }]
              - name: evaluate
                source: { use: pairs.read, with: { labels: "{{folder["data"]}}/*.tar" } }
                steps: [{ use: pairs.decode }]
                sinks: [{ use: evaluate.hungarian }]
              - name: kmeans
                epochs: 2
                source: { use: shard.read, with: { path: "{{folder["data"]}}/*.tar" } }
                steps:
                  - steps: prepare
                  - { use: baseline.kmeans, with: { clusters: 2 } }
                sinks: [{ use: evaluate.hungarian }]
            """);
        return path;
    }
}
