using InMARS.Pipeline.Runs;
using InMARS.Tests.Support;

namespace InMARS.Tests.EndToEnd;

public sealed class RequeueScoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LateScores _late;

    public RequeueScoreTests() => _late = new LateScores(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Late_items_are_scored_as_if_they_had_never_failed()
    {
        await _late.RunAsync("whole", "--set", LateScores.Lenient);
        var first = await _late.RunAsync("late");
        var before = _late.Results("late");

        var again = await Product.RunAsync("requeue", _late.Place("late"), "--set", LateScores.Lenient);

        Assert.True((first.Code, again.Code) == (3, 0), again.Told);
        Assert.NotEqual(_late.Results("whole"), before);
        Assert.Equal(_late.Results("whole"), _late.Results("late"));
        Assert.Equal("Clean, predict 4 4 0, evaluate 4 4 0", _late.Books("late"));
        Assert.Empty(_late.Run("late").Text("rejects.jsonl"));
        Assert.Empty(Directory.GetFiles(_folder["runs", "late", "quarantine"]));
        Assert.StartsWith("# late\n\nEverything was processed.\n", _late.Run("late").Text("summary.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ledger_counts_them_too()
    {
        await _late.RunAsync("late");

        await Product.RunAsync("requeue", _late.Place("late"), "--set", LateScores.Lenient);

        var status = RunStatus.Read(_late.Place("late"), TimeProvider.System);
        Assert.Equal(RunState.Finished, status.State);
        Assert.All(status.Flows, flow => Assert.Equal((FlowPhase.Done, new ItemCounts(4, 4, 0)), (flow.Row.Phase, flow.Row.Counts)));
        using var ledger = LedgerReader.Open(_late.Place("late"));
        Assert.Equal(
            ["a.tar 0 predictions/a.tar True", "b.tar 0 predictions/b.tar True"],
            ledger.Shards("predict").Select(row => $"{Path.GetFileName(row.Event.Shard)} {row.Event.Counts.Rejected} {string.Join(' ', row.Event.Outputs.Select(o => $"{o.Path} {o == WrittenFile.Of(_late.Place("late"), Path.Combine(_late.Place("late"), o.Path))}"))}"));
    }

    [Fact]
    public async Task Nothing_is_left_to_resume_behind_it()
    {
        await _late.RunAsync("late");
        await Product.RunAsync("requeue", _late.Place("late"), "--set", LateScores.Lenient);

        var resumed = await Product.RunAsync("resume", _late.Place("late"));

        Assert.Equal((0, $"'{_late.Place("late")}' is finished: nothing is left to do.\n"), (resumed.Code, resumed.Out));
    }

    [Fact]
    public async Task A_label_map_that_was_mended_in_place_is_scored()
    {
        await _late.RunAsync("whole", "--set", LateScores.Lenient);
        _late.WriteTruth(damaged: "a1");
        var first = await _late.RunAsync("late", "--set", LateScores.Lenient);
        _late.WriteTruth();

        var again = await Product.RunAsync("requeue", _late.Place("late"));

        Assert.True((first.Code, again.Code) == (3, 0), again.Told);
        Assert.Equal(_late.Results("whole"), _late.Results("late"));
        Assert.Equal(_late.Run("whole").Text("metrics.json"), _late.Run("late").Text("metrics.json"));
        Assert.Empty(Directory.GetFiles(_folder["runs", "late", "quarantine"]));
    }

    [Fact]
    public async Task A_label_map_that_is_still_damaged_stays_in_quarantine()
    {
        _late.WriteTruth(damaged: "a1");
        await _late.RunAsync("late");

        var again = await Product.RunAsync("requeue", _late.Place("late"), "--set", LateScores.Lenient);

        Assert.True(again.Code == 3, again.Told);
        Assert.Equal("WithRejects, predict 4 4 0, evaluate 4 4 1", _late.Books("late"));
        Assert.Equal(_late.Run("late").Rejects, new QuarantineFolder(_folder["runs", "late", "quarantine"]).Told("evaluate"));
        Assert.Single(_late.Run("late").Rejects);
    }

    [Fact]
    public async Task Flows_keep_their_order_in_the_results()
    {
        File.WriteAllText(
            _folder["two.yaml"],
            $$"""
            {{File.ReadAllText(_late.RunFile)}}
              - name: colours
                epochs: 2
                source: { use: shard.read, with: { path: "{{_folder["data"]}}/a.tar", limit: 2 } }
                steps: [{ steps: prepare }, { use: baseline.kmeans, with: { clusters: 2 } }]
                sinks: [{ use: evaluate.hungarian }]
            """);
        await Product.RunAsync("run", _folder["two.yaml"]);

        var again = await Product.RunAsync("requeue", _late.Place("bad"), "--set", LateScores.Lenient);

        Assert.True(again.Code == 0, again.Told);
        Assert.Equal(["predict", "evaluate", "colours"], _late.Run("bad").Metrics["items"]!.AsObject().Select(f => f.Key));
        Assert.Equal(["predict", "evaluate", "colours"], _late.Run("bad").Metrics["results"]!.AsObject().Select(f => f.Key));
    }

    [Fact]
    public async Task Results_stay_as_they_were_until_the_new_ones_are_whole()
    {
        _late.WriteTruth(damaged: "a1");
        await _late.RunAsync("late", "--set", LateScores.Lenient);
        var before = (_late.Run("late").Text("metrics.json"), _late.Run("late").Text("summary.md"));
        _late.WriteTruth();
        await _late.RunAsync("whole", "--set", LateScores.Lenient);
        using var interrupt = new CancellationTokenSource();
        await interrupt.CancelAsync();

        var stopped = await Product.RunAsync(new ToyStages(), interrupt, "requeue", _late.Place("late"));
        var kept = (_late.Run("late").Text("metrics.json"), _late.Run("late").Text("summary.md"));
        var resumed = await Product.RunAsync("resume", _late.Place("late"));

        Assert.True((stopped.Code, resumed.Code) == (75, 0), stopped.Told + resumed.Told);
        Assert.Equal(before, kept);
        Assert.Contains($"metrics.json and summary.md are those of before; to renew them: inmars resume {_late.Place("late")}", stopped.Error, StringComparison.Ordinal);
        Assert.Equal(_late.Run("whole").Text("metrics.json"), _late.Run("late").Text("metrics.json"));
    }
}
