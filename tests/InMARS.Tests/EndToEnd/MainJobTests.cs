using InMARS.Tests.Cli;
using InMARS.Tests.Support;

namespace InMARS.Tests.EndToEnd;

/// <summary>The main job on a few synthetic scenes: train, predict, evaluate, and k-means beside it.</summary>
[Collection(Alone.Name)]
public sealed class MainJobTests(MainJobTests.Job job) : IClassFixture<MainJobTests.Job>
{
    private static readonly string[] Expected =
    [
        "checkpoints/model.json", "checkpoints/model.safetensors", "checkpoints/selected.json", "checkpoints/step-", "clusters.yaml",
        "config.resolved.yaml", "events.jsonl", "gallery/epoch-001.png", "gallery/epoch-002.png", "ledger.sqlite", "lock.guard", "manifest.json", "metrics.json", "overlays/",
        "predictions/synthetic-000000.tar", "rejects.jsonl", "resume/", "summary.md", "training.jsonl",
    ];

    /// <summary>Beginnings of names of which there are several.</summary>
    private static readonly string[] Families = ["overlays/", "checkpoints/step-", "resume/"];

    [Fact]
    public void The_run_directory_is_complete()
    {
        Assert.True(job.First.Code == 0, job.First.Told);
        Assert.Equal(Expected, job.Run("first").Files.Select(f => Families.FirstOrDefault(begin => f.StartsWith(begin, StringComparison.Ordinal)) ?? f).Distinct());
        Assert.Equal(Job.Scenes, Assert.Single(job.Run("first").Predictions).Value.Length);
        Assert.Empty(job.Run("first").Text("rejects.jsonl"));
    }

    [Fact]
    public void The_metrics_hold_the_scores_of_both_methods_and_all_items()
    {
        var metrics = job.Run("first").Metrics;

        Assert.Equal("Clean", (string?)metrics["end"]);
        Assert.Equal(Job.Steps, (int?)metrics["results"]!["train"]![0]!["steps"]);
        Assert.All(new[] { "evaluate", "kmeans" }, flow => Assert.InRange((double)metrics["results"]![flow]![0]!["accuracy"]!, 0.2, 1));
        Assert.Equal(Job.Scenes, (int?)metrics["items"]!["evaluate"]!["left"]);
    }

    [Fact]
    public async Task Another_parallelism_and_capacity_give_the_same_bytes()
    {
        var result = await Product.RunAsync("run", job.Write("second", "flow: { parallelism: 4, capacity: 5 }", "flow: { capacity: 9 }"));

        Same(result, "second");
    }

    [Fact]
    public async Task The_resolved_file_gives_the_same_bytes()
    {
        var result = await Product.RunAsync("run", Path.Combine(job.Run("first").Path, "config.resolved.yaml"), "--set", "run.name=again");

        Same(result, "again");
    }

    private void Same(CliRun result, string name)
    {
        Assert.True(result.Code == 0, result.Told);
        Assert.Equal(job.Run("first").Text("metrics.json"), job.Run(name).Text("metrics.json"));
        Assert.All(
            ["checkpoints/model.safetensors", "checkpoints/selected.json", "gallery/epoch-002.png", "predictions/synthetic-000000.tar"],
            file => Assert.Equal(Bytes("first", file), Bytes(name, file)));
    }

    private byte[] Bytes(string run, string file) => File.ReadAllBytes(Path.Combine(job.Run(run).Path, file));

    /// <summary>The scenes, and one run over them.</summary>
    public sealed class Job : IAsyncLifetime
    {
        public const int Scenes = 12;
        public const int Steps = 6;
        private readonly TemporaryFolder _folder = new();

        internal CliRun First { get; private set; } = new(-1, "", "");

        public async ValueTask InitializeAsync()
        {
            var made = await Product.RunAsync("synth", "--output", _folder["data"], "--count", $"{Scenes}", "--seed", "3");
            Assert.True(made.Code == 0, made.Told);
            First = await Product.RunAsync("run", Write("first", "flow: { parallelism: 1, capacity: 4 }", "flow: { capacity: 4 }"));
        }

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }

        internal RunFolder Run(string name) => new(_folder["runs", name]);

        /// <summary>Writes the run file with these settings on its parallel stages and on its sequential ones.</summary>
        internal string Write(string name, string parallel, string sequential)
        {
            var path = _folder[$"{name}.yaml"];
            File.WriteAllText(path, Text(name, parallel, sequential));
            return path;
        }

        private string Text(string name, string parallel, string sequential) =>
            $$"""
            run: { name: {{name}}, seed: 11, threads: 1, output: "{{_folder["runs"]}}", cache: "{{_folder["cache"]}}" }
            define:
              prepare:
                - { use: image.decode, {{parallel}} }
                - { use: image.resize, with: { width: 48, height: 36 }, {{parallel}} }
                - { use: superpixel.slic, with: { region_size: 6 }, {{parallel}} }
            flows:
              - name: train
                epochs: 2
                source: { use: shard.read, with: { path: "{{_folder["data"]}}/*.tar", shuffle: true } }
                steps:
                  - steps: prepare
                  - { use: batch, with: { size: 4 }, {{sequential}} }
                  - { use: collate, {{parallel}} }
                  - { use: learn.inmars, with: { clusters: 3, network: { width: 4 } }, {{sequential}} }
                sinks: [{ use: write.metrics }]
              - name: predict
                source: { use: shard.read, with: { path: "{{_folder["data"]}}/*.tar" } }
                steps:
                  - steps: prepare
                  - { use: batch, with: { size: 4 }, {{sequential}} }
                  - { use: segment, {{sequential}} }
                sinks: [{ use: write.labels, {{sequential}} }, { use: write.overlay }]
              - name: evaluate
                source: { use: pairs.read, with: { labels: "{{_folder["data"]}}/*.tar" } }
                steps: [{ use: pairs.decode, with: { resize: truth_to_prediction }, {{parallel}} }]
                sinks: [{ use: evaluate.hungarian }]
              - name: kmeans
                epochs: 2
                source: { use: shard.read, with: { path: "{{_folder["data"]}}/*.tar" } }
                steps:
                  - steps: prepare
                  - { use: baseline.kmeans, with: { clusters: 3 }, {{sequential}} }
                sinks: [{ use: evaluate.hungarian }]
            """;
    }
}
