using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Evaluation;
using InMARS.Tests.Support;

namespace InMARS.Tests.EndToEnd;

public sealed class InterruptTests : IDisposable
{
    private const int PerShard = 8;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ctrl_C_leaves_whole_shards_and_says_so()
    {
        using var interrupt = new CancellationTokenSource();
        BadShards.WriteGood(_folder["data"], shards: 30, PerShard);
        BadShards.WriteModel(_folder["model.safetensors"]);
        File.WriteAllText(_folder["run.yaml"], RunFile());

        var result = await Product.RunAsync(new Interrupting(interrupt, "g4.tar"), interrupt, "run", _folder["run.yaml"]);

        var run = new RunFolder(_folder["runs", "cut"]);
        Assert.True(result.Code == 75, result.Told);
        Assert.Contains("inmars: stopped in flow 'predict'", result.Error, StringComparison.Ordinal);
        Assert.Equal("Interrupted", (string?)run.Metrics["end"]);
        Assert.Contains("stopped in flow 'predict'", run.Text("summary.md"), StringComparison.Ordinal);
        Assert.Contains("g0.tar", run.Predictions.Keys);
        Assert.DoesNotContain("g9.tar", run.Predictions.Keys);
        Assert.All(run.Predictions.Values, entries => Assert.Equal(PerShard, entries.Length));
    }

    /// <remarks>At capacity 1 the shards before the interrupted one cannot all be waiting, so the first is written.</remarks>
    private string RunFile() =>
        $$"""
        run: { name: cut, threads: 1, output: "{{_folder["runs"]}}" }
        flows:
          - name: predict
            source: { use: shard.read, with: { path: "{{_folder["data"]}}/*.tar" } }
            steps:
              - { use: image.decode }
              - { use: superpixel.slic, with: { region_size: 8, cache: false } }
              - { use: batch, with: { size: 1 }, flow: { capacity: 1 } }
              - { use: segment, with: { model: "{{_folder["model.safetensors"]}}" }, flow: { capacity: 1 } }
              - { use: test.interrupt, flow: { parallelism: 1, capacity: 1 } }
            sinks: [{ use: write.labels, with: { open_shards: 1 }, flow: { capacity: 1 } }]
        """;

    private sealed class Interrupting(CancellationTokenSource interrupt, string shard) : IStageModule
    {
        public IEnumerable<StageEntry> Entries =>
        [
            StageEntry.Stage("test.interrupt", "Presses Ctrl-C.", "Emits one for one. Never fails.", (_, step) =>
                Stage.Map<Prediction, Prediction>("test.interrupt", step.Flow, (prediction, _) =>
                {
                    if (prediction.Origin.Shard.EndsWith(shard, StringComparison.Ordinal))
                    {
                        interrupt.Cancel();
                    }

                    return prediction;
                })),
        ];
    }
}
