using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Cli;

public sealed class ResumeCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly NightStages _stages = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_goes_on_where_it_stopped_and_is_then_finished()
    {
        var stopped = await StopAt(7);
        var explained = await InmarsAsync("resume", Run, "--explain");
        var resumed = await InmarsAsync("resume", Run);
        var again = await InmarsAsync("resume", Run);

        Assert.True(stopped.Code == 75, stopped.Told);
        Assert.Equal(
            "first: reuse all of it (it had ended)\n"
            + "  numbers: reuse (read; the checkpoint holds what became of it)\n"
            + "second: reuse epochs before 1, and 8 items of epoch 1; do from item 8 of epoch 1 of 2 (the last checkpoint stands there)\n"
            + "  epoch 1, numbers: go on at sample 8 (the checkpoint stands there)\n"
            + "  epoch 2: to do (not begun)\n"
            + "third: do all of it (no checkpoint was taken within it)\n"
            + "  input: to do (not begun)\n",
            explained.Out);
        Assert.True(resumed.Code == 0, resumed.Told);
        Assert.Equal((45 * 1) + (45 * 2) + (45 * 1), _stages.Sum);
        Assert.Equal((0, $"'{Run}' is finished: nothing is left to do.\n"), (again.Code, again.Out));
    }

    [Fact]
    public async Task What_resuming_would_do_is_told_to_programs_as_json()
    {
        await StopAt(7);

        var explained = await InmarsAsync("resume", Run, "--explain", "--json");
        var alone = await InmarsAsync("resume", Run, "--json");

        var told = System.Text.Json.Nodes.JsonNode.Parse(explained.Out)!;
        Assert.Equal(
            """[{"first_epoch":1,"last_epoch":1,"first_file":"numbers","last_file":"numbers","files":1,"fate":"go on","sample":8,"reason":"the checkpoint stands there"},{"first_epoch":2,"last_epoch":2,"first_file":null,"last_file":null,"files":0,"fate":"to do","sample":null,"reason":"not begun"}]""",
            told["flows"]![1]!["parts"]!.ToJsonString());
        Assert.Equal((Run, 3, 0), ((string)told["directory"]!, told["flows"]!.AsArray().Count, told["changed"]!.AsArray().Count));
        Assert.Equal((2, "inmars: --json goes with --explain\nsee 'inmars resume --help'\n"), (alone.Code, alone.Error));
    }

    [Fact]
    public async Task The_ledger_has_each_checkpoint_under_the_flow_it_is_of()
    {
        await StopAt(7);
        await InmarsAsync("resume", Run);

        using var ledger = InMARS.Pipeline.Runs.LedgerReader.Open(Run);

        Assert.Equal(
            ["second 1 0", "second 0 0", "third 0 0"],
            ledger.Checkpoints().Select(c => $"{c.Event.Flow} {c.Event.Epoch} {c.Event.Position}"));
    }

    [Fact]
    public async Task A_changed_run_file_is_refused_with_the_difference_and_accepted_when_asked()
    {
        await StopAt(7);
        File.WriteAllText(_folder["run.yaml"], RunText.Replace("epochs: 2", "epochs: 3", StringComparison.Ordinal));

        var refused = await InmarsAsync("resume", Run);
        var accepted = await InmarsAsync("resume", Run, "--accept");

        Assert.Equal(2, refused.Code);
        Assert.Equal(
            "inmars: the run file had 'epochs: 2'\ninmars: the run file has 'epochs: 3'\n"
            + $"inmars: '{Run}' was begun otherwise; put things back, or pass --accept to go on with what they are now\n",
            refused.Error);
        Assert.True(accepted.Code == 0, accepted.Told);
        Assert.Equal((45 * 1) + (45 * 3) + (45 * 1), _stages.Sum);
        Assert.DoesNotContain("changed", (await InmarsAsync("resume", Run, "--explain")).Out, StringComparison.Ordinal);
        Assert.Contains("epochs: 3", File.ReadAllText(Path.Combine(Run, "config.resolved.yaml")), StringComparison.Ordinal);
        Assert.Contains("had 'epochs: 2'", File.ReadAllText(Path.Combine(Run, "manifest.json")).Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_input_is_refused_where_its_content_is_another()
    {
        File.WriteAllText(_folder["input"], "as it was");
        await StopAt(7);

        File.SetLastWriteTimeUtc(_folder["input"], new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var touched = await InmarsAsync("resume", Run, "--explain");
        File.WriteAllText(_folder["input"], "as it is!");
        var refused = await InmarsAsync("resume", Run);

        Assert.DoesNotContain("changed", touched.Out, StringComparison.Ordinal);
        Assert.Equal(2, refused.Code);
        Assert.StartsWith($"inmars: the input '{_folder["input"]}' has other content than before\n", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_passed_over_for_the_one_before_it()
    {
        await StopAt(7);
        var last = Directory.GetFiles(_folder["runs", "night", "resume"], "*.checkpoint").Max(StringComparer.Ordinal)!;
        var bytes = File.ReadAllBytes(last);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(last, bytes);

        var resumed = await InmarsAsync("resume", Run);

        Assert.True(resumed.Code == 0, resumed.Told);
        Assert.Contains($"warning: '{last}' is damaged: its checksum is not that of its contents; the one before it is taken\n", resumed.Error, StringComparison.Ordinal);
        Assert.Equal((45 * 1) + (45 * 2) + (45 * 1), _stages.Sum);
    }

    [Fact]
    public async Task Without_a_whole_checkpoint_nothing_is_touched()
    {
        await StopAt(7);
        foreach (var checkpoint in Directory.GetFiles(_folder["runs", "night", "resume"], "*.checkpoint"))
        {
            File.WriteAllText(checkpoint, "no checkpoint");
        }

        var resumed = await InmarsAsync("resume", Run);

        Assert.Equal(1, resumed.Code);
        Assert.EndsWith($"inmars: no checkpoint in '{Path.Combine(Run, "resume")}' is whole; start again with --overwrite\n", resumed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_run_is_told()
    {
        var resumed = await InmarsAsync("resume", _folder["nothing"]);

        Assert.Equal((1, $"inmars: '{_folder["nothing"]}' holds no run: config.resolved.yaml is missing\n"), (resumed.Code, resumed.Error));
    }

    [Fact]
    public async Task A_run_that_another_process_is_at_is_refused()
    {
        await StopAt(7);
        using var held = InMARS.Pipeline.Runs.RunLock.Take(Run, TimeProvider.System, _ => { });

        var resumed = await InmarsAsync("resume", Run);
        var overwritten = await InmarsAsync("run", _folder["run.yaml"], "--overwrite");

        Assert.Equal((1, 1), (resumed.Code, overwritten.Code));
        Assert.StartsWith($"inmars: the run directory '{Run}' is held by ", resumed.Error, StringComparison.Ordinal);
        Assert.StartsWith($"inmars: the run directory '{Run}' is held by ", overwritten.Error, StringComparison.Ordinal);
    }

    private string Run => _folder["runs", "night"];

    private string RunText =>
        $$"""
        run: { name: night, output: "{{_folder["runs"]}}" }
        flows:
          - { name: first, source: { use: night.count }, sinks: [{ use: night.sum }] }
          - name: second
            epochs: 2
            source: { use: night.count }
            steps: [{ use: batch, with: { size: 2 } }, { use: night.total }]
            sinks: [{ use: night.sum }]
          - { name: third, source: { use: night.count }, sinks: [{ use: night.sum }] }
        """;

    private Task<CliRun> InmarsAsync(params string[] args) => CliRun.OfAsync(args, [_stages]);

    /// <summary>Runs until this item of the second flow has been read.</summary>
    private async Task<CliRun> StopAt(int item)
    {
        using var interrupt = new CancellationTokenSource();
        File.WriteAllText(_folder["run.yaml"], RunText);
        _stages.Input = _folder["input"];
        _stages.OnRead = (flow, index) =>
        {
            if (flow == "second" && index == item)
            {
                interrupt.Cancel();
            }
        };
        var stopped = await CliRun.OfAsync(["run", _folder["run.yaml"]], [_stages], interrupt);
        _stages.OnRead = null;
        return stopped;
    }

    /// <summary>Counts from 0 to 9 and adds up, with state that checkpoints hold.</summary>
    private sealed class NightStages : IStageModule
    {
        public string? Input { get; set; }

        public Action<string, int>? OnRead { get; set; }

        public int Sum { get; private set; }

        public IEnumerable<StageEntry> Entries =>
        [
            StageEntry.Source("night.count", "Counts.", "Emits numbers. Never fails.", (_, _) => new Source<int>(
                "night.count",
                (context, cursor, _) => Enumerable.Range(0, 10).Skip((int)cursor.Position).Select(i =>
                {
                    OnRead?.Invoke(context.Flow, i);
                    return new Sourced<int>(i, new Origin("numbers", $"{i}"), 1);
                }).ToAsyncEnumerable(),
                (_, _) => Task.FromResult<long?>(10)) { ListInputs = () => Input is { } input ? [input] : [] }),
            StageEntry.Stage<IReadOnlyList<int>, int>("night.total", "Adds a list.", "Never fails.", (_, step) =>
                Stage.Map<IReadOnlyList<int>, int>("night.total", step.Flow, (list, _) => list.Sum())),
            StageEntry.Sink("night.sum", "Adds up.", "Never fails.", (_, step) => new Sink<int>("night.sum", step.Flow, _ => new Adder(this))),
        ];

        private sealed class Adder(NightStages stages) : ISinkWriter<int>, IResumable
        {
            private int _sum;

            public Task<Fault?> WriteAsync(int value, ItemContext item, CancellationToken stop)
            {
                _sum += value;
                return Task.FromResult<Fault?>(null);
            }

            public void Carry(StateArchive state) => _sum = state.Value("sum", _sum);

            public Task CompleteAsync(CancellationToken stop)
            {
                stages.Sum += _sum;
                return Task.CompletedTask;
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
