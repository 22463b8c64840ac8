using System.Text.Json.Nodes;
using InMARS.Cli;
using InMARS.Cli.Execution;
using InMARS.Cli.Sweeps;
using InMARS.Stages;
using InMARS.Tests.Cli;
using InMARS.Tests.Support;

namespace InMARS.Tests.EndToEnd;

/// <summary>Sweeps whose runs are processes of the program itself, on a few tiny scenes.</summary>
[Collection(Alone.Name)]
public sealed class SweepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_run_is_a_process_and_the_table_tells_what_they_gave()
    {
        await WriteAsync("good: {}\n  lost: {flows.predict.steps.segment.with.model: nowhere}");

        var first = await SweepAsync(CancellationToken.None);
        var second = await SweepAsync(CancellationToken.None);

        Assert.True(first.Code == 1, first.Told);
        var table = JsonNode.Parse(File.ReadAllText(_folder["runs", "grid", "table.json"]))!;
        Assert.Equal([null, null, "flow 'predict': ", "flow 'predict': "], table["runs"]!.AsArray().Select(r => ((string?)r!["trouble"])?[..16]));
        Assert.Equal(RunFacts.Version, (string?)table["runs"]![0]!["inmars"]);
        var metrics = new RunFolder(_folder["runs", "grid", "run", "good", "seed-002"]).Metrics;
        Assert.Equal((double)metrics["results"]!["evaluate"]![0]!["accuracy"]!, (double)Line(table, "accuracy")["values"]!["2"]!);
        Assert.Contains("Run directory: ", File.ReadAllText(_folder["runs", "grid", "run", "good", "seed-001.log"]), StringComparison.Ordinal);
        Assert.StartsWith("2 of 4 runs are finished already\nrun 3 of 4: run / lost / seed 1, from its last checkpoint, about ", second.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_reaches_the_process_at_work()
    {
        await WriteAsync("long: {flows.train.epochs: 10000}");
        using var interrupt = new CancellationTokenSource();
        var sweep = SweepAsync(interrupt.Token);
        var events = _folder["runs", "grid", "run", "long", "seed-001", "events.jsonl"];
        await UntilAsync(_folder["runs"], () => File.Exists(events) && File.ReadAllText(events).Contains("flow.started", StringComparison.Ordinal));

        await interrupt.CancelAsync();
        var run = await sweep;

        Assert.True(run.Code == 75, run.Told);
        Assert.Equal("Interrupted", (string?)new RunFolder(_folder["runs", "grid", "run", "long", "seed-001"]).Metrics["end"]);
        File.WriteAllText(_folder["sweep.yaml"], File.ReadAllText(_folder["sweep.yaml"]).Replace("[1, 2]", "[1]", StringComparison.Ordinal));
        using var again = new CancellationTokenSource();
        var goesOn = SweepAsync(again.Token);
        await UntilAsync(_folder["runs"], () => File.ReadAllText(events).Contains("resumed", StringComparison.Ordinal));
        await again.CancelAsync();
        Assert.StartsWith("run 1 of 1: run / long / seed 1, from its last checkpoint\n", (await goesOn).Out, StringComparison.Ordinal);
        Assert.Contains("- run / long / seed 1: interrupted\n- run / long / seed 2: not run\n", run.Out, StringComparison.Ordinal);
    }

    private static JsonNode Line(JsonNode table, string figure) =>
        table["table"]!.AsArray().Single(l => (string?)l!["result"] == "evaluate" && (string?)l["figure"] == figure)!;

    /// <summary>Looks whenever a file below a folder changes; a training writes one line after the other.</summary>
    private static async Task UntilAsync(string folder, Func<bool> reached)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(Directory.CreateDirectory(folder).FullName) { IncludeSubdirectories = true };
        watcher.Created += (_, _) => Look();
        watcher.Changed += (_, _) => Look();
        watcher.EnableRaisingEvents = true;
        Look();
        await seen.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        void Look()
        {
            if (reached())
            {
                seen.TrySetResult();
            }
        }
    }

    private async Task<CliRun> SweepAsync(CancellationToken interrupt)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var shell = new Shell(output, error, [new StandardStages()], _ => [], TimeProvider.System, interrupt)
        {
            StartRun = ChildProcess.Of(Path.Combine(AppContext.BaseDirectory, "inmars")),
        };
        var code = await Program.InvokeAsync(["sweep", _folder["sweep.yaml"]], shell).WaitAsync(TimeSpan.FromSeconds(120), TestContext.Current.CancellationToken);
        return new CliRun(code, output.ToString(), error.ToString());
    }

    private async Task WriteAsync(string variants)
    {
        var made = await Product.RunAsync("synth", "--output", _folder["data"], "--count", "4");
        Assert.True(made.Code == 0, made.Told);
        File.WriteAllText(_folder["sweep.yaml"], $"sweep: {{ name: grid, output: '{_folder["runs"]}', seeds: [1, 2] }}\nbase: run.yaml\nvariants:\n  {variants}\n");
        File.WriteAllText(
            _folder["run.yaml"],
            $$"""
            run: { name: one, threads: 1, cache: "{{_folder["cache"]}}" }
            define:
              prepare:
                - { use: image.decode }
                - { use: image.resize, with: { width: 32, height: 24 } }
                - { use: superpixel.slic, with: { region_size: 6 } }
            flows:
              - name: train
                source: { use: shard.read, with: { path: "{{_folder["data"]}}/*.tar" } }
                steps:
                  - steps: prepare
                  - { use: batch, with: { size: 4 } }
                  - { use: collate }
                  - { use: learn.inmars, with: { clusters: 3, network: { width: 4 } } }
                sinks: [{ use: write.metrics }]
              - name: predict
                source: { use: shard.read, with: { path: "{{_folder["data"]}}/*.tar" } }
                steps:
                  - steps: prepare
                  - { use: batch, with: { size: 4 } }
                  - { use: segment }
                sinks: [{ use: write.labels }]
              - name: evaluate
                source: { use: pairs.read, with: { labels: "{{_folder["data"]}}/*.tar" } }
                steps: [{ use: pairs.decode, with: { resize: truth_to_prediction } }]
                sinks: [{ use: evaluate.hungarian }]
            """);
    }
}
