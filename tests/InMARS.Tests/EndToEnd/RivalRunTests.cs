using System.Text.Json.Nodes;
using InMARS.Stages.Learning;
using InMARS.Tests.Cli;
using InMARS.Tests.Support;
using static TorchSharp.torch;

namespace InMARS.Tests.EndToEnd;

/// <summary>Whole runs of what stands beside the learner, on small shards with every defect.</summary>
public sealed class RivalRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("learn.iic")]
    [InlineData("learn.deepcluster")]
    public async Task One_name_in_a_run_file_makes_the_run_of_a_rival(string learner)
    {
        BadShards.Write(_folder["data"]);

        var (result, run) = await RunAsync(RunText.Train(_folder, learner));

        Assert.True(result.Code == 3, result.Told);
        var report = run.Metrics["results"]!["train"]![0]!;
        Assert.Equal((learner, 2), ((string?)report["kind"], (int?)report["steps"]));
        Assert.InRange((double)report["mutual_information"]!, 0, Math.Log(2));
        Assert.Equal(BadShards.Good.Length, (int?)run.Metrics["results"]!["evaluate"]![0]!["images"]);
        Assert.DoesNotContain("   at ", result.Error + result.Out, StringComparison.Ordinal);
        using var model = Checkpoint.Load(Checkpoint.Resolve(run.Path), CPU);
        Assert.Equal(2, model.Clusters);
    }

    [Theory]
    [InlineData("learn.iic")]
    [InlineData("learn.deepcluster")]
    public async Task Each_step_of_a_rival_leaves_its_figures(string learner)
    {
        BadShards.WriteGood(_folder["data"], shards: 1, perShard: 6);

        var (result, run) = await RunAsync(RunText.Train(_folder, learner));

        Assert.True(result.Code == 0, result.Told);
        var steps = run.Text("training.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToList();
        Assert.Equal([1, 2], steps.Select(s => (int)s["step"]!));
        Assert.All(steps, s => Assert.True(double.IsFinite((double)s["loss"]!) && (double)s["marginal_entropy"]! > 0));
    }

    [Theory]
    [InlineData("baseline.kmeans, with: { clusters: 2, features: network, network: { width: 4 } }", 2)]
    [InlineData("baseline.random, with: { clusters: 2 }", 1)]
    public async Task A_baseline_is_scored_on_the_good_items(string baseline, int epochs)
    {
        BadShards.Write(_folder["data"]);

        var (result, run) = await RunAsync(RunText.Baseline(_folder, baseline, epochs));

        Assert.True(result.Code == 3, result.Told);
        Assert.Equal(BadShards.Good.Length, (int?)run.Metrics["results"]!["baseline"]![0]!["images"]);
        Assert.InRange((double)run.Metrics["results"]!["baseline"]![0]!["accuracy"]!, 0.5, 1);
    }

    private async Task<(CliRun Result, RunFolder Run)> RunAsync(string text)
    {
        File.WriteAllText(_folder["run.yaml"], text);
        return (await Product.RunAsync("run", _folder["run.yaml"]), new RunFolder(_folder["runs", "bad"]));
    }
}
