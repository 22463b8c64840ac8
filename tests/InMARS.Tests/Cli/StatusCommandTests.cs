using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Runs;
using InMARS.Tests.Support;

namespace InMARS.Tests.Cli;

public sealed class StatusCommandTests : IDisposable
{
    private static readonly SessionEvent Session = new(4711, "box", "0.1.0");
    private static readonly MemoryFigures Memory = new(1500L << 20, 300L << 20, (5L << 20) + (1 << 19), 120);
    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();

    public StatusCommandTests() => Directory.CreateDirectory(Run);

    private string Run => _folder["night"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_that_goes_on_is_told_with_its_forecast()
    {
        using var held = RunLock.Take(Run, _clock, _ => { });
        using var ledger = Night();
        Warn("everything became one cluster\u001b[31m");

        var run = await StatusAsync();

        Assert.Equal(
            $"""
            {Run}: running by process {Environment.ProcessId} on host '{Environment.MachineName}', since 2026-11-22 18:00:00
            flow      state    done           share  rejected  shards           images/s  time
            train     done     24,000/24,000  100 %  3         1 done           6.67      took 1:00:00
            predict   running  2,940/10,000   29 %   0         1 done, 1 begun  12.0      finishes at 2026-11-23 04:43, 9:43:20 left
            evaluate  waiting  -              -      -         -                -         -
            Last checkpoint: 7, of flow train, epoch 3, position 2,000; 60 min ago, at 2026-11-22 18:00:00; checkpoints/7.ckpt, 3.0 MiB
            Memory: 1,500 MiB resident, 300 MiB managed, 5.5 MiB in queues, 120 live tensors; 0 s ago
            Warnings: 1; the last: everything became one cluster{'\uFFFD'}[31m

            """,
            run.Out);
        Assert.Equal((0, ""), (run.Code, run.Error));
    }

    [Fact]
    public async Task A_run_whose_process_was_killed_is_dead_and_its_flow_cut_off()
    {
        Night().Dispose();

        var lines = (await StatusAsync()).Out.Split('\n');

        Assert.Equal($"{Run}: dead without an end; process 4711 on host 'box' began at 2026-11-22 18:00:00 and is gone", lines[0]);
        Assert.Equal("predict   cut off  2,940/10,000   29 %   0         1 done, 1 begun  9.80      after 5:00", lines[3]);
        Assert.DoesNotContain("Warnings", string.Concat(lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SessionEnd.Finished, null, "finished at 2026-11-22 19:05:00, session 2")]
    [InlineData(SessionEnd.Stopped, "the deadline came", "stopped at 2026-11-22 19:05:00, session 2: the deadline came")]
    [InlineData(SessionEnd.Failed, "no space left on device", "failed at 2026-11-22 19:05:00, session 2: no space left on device")]
    public async Task A_run_that_ended_says_how_and_when(SessionEnd end, string? reason, string told)
    {
        using (var ledger = Night())
        {
            var session = ledger.SessionBegan(Session);
            _clock.Advance(TimeSpan.FromMinutes(5));
            ledger.FlowEnded("predict", FlowPhase.Stopped, new(5_000, 4_900, 1), TimeSpan.FromMinutes(10));
            ledger.SessionEnded(session, end, reason);
        }

        var lines = (await StatusAsync()).Out.Split('\n');

        Assert.Equal($"{Run}: {told}", lines[0]);
        Assert.Equal("predict   stopped  4,900/10,000   49 %   1         1 done, 1 begun  8.17      after 10:00", lines[3]);
        Assert.EndsWith("; 5 min ago", lines[6], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_has_just_begun_has_little_to_tell()
    {
        using var held = RunLock.Take(Run, _clock, _ => { });
        using var ledger = Ledger.Open(Run, _clock);
        ledger.FlowsPlanned([new(0, "train", null)]);
        ledger.FlowStarted("train", null);

        Assert.Equal(
            [
                $"{Run}: running by process {Environment.ProcessId} on host '{Environment.MachineName}', since 2026-11-22 18:00:00",
                "flow   state    done  share  rejected  shards  images/s  time",
                "train  running  0     -      0         -       -         0:00 so far",
                "Last checkpoint: none",
                "",
            ],
            (await StatusAsync()).Out.Split('\n'));
    }

    [Fact]
    public async Task For_programs_there_is_one_object()
    {
        Night().Dispose();
        Warn("it's late");

        var run = await StatusAsync("--json");

        var status = JsonNode.Parse(run.Out)!;
        Assert.Equal((Run, "dead", "2026-11-22T19:00:00.0000000+00:00"), ((string?)status["directory"], (string?)status["state"], (string?)status["time"]));
        Assert.Null(status["holder"]);
        Assert.Equal(["train", "predict", "evaluate"], status["flows"]!.AsArray().Select(f => (string?)f!["flow"]));
        Assert.Equal(
            """{"flow":"predict","phase":"running","done":2940,"total":10000,"rejected":0,"shards_done":1,"shards_reading":1,"started":"2026-11-22T19:00:00.0000000+00:00","ended":null,"elapsed":300,"progress":{"time":"2026-11-22T19:00:00.0000000+00:00","per_second_last_minute":12,"per_second":10,"remaining":7060,"finish":"2026-11-23T04:43:20.0000000+00:00","resident_bytes":1572864000,"managed_bytes":314572800,"queued_bytes":5767168,"live_tensors":120}}""",
            status["flows"]![1]!.ToJsonString(Unescaped));
        Assert.Equal((7, 4711), ((long?)status["checkpoint"]!["sequence"], (int?)status["sessions"]![0]!["pid"]));
        Assert.Equal("""{"count":1,"last":"it's late"}""", status["warnings"]!.ToJsonString(Unescaped));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_told() =>
        Assert.Equal(new CliRun(1, "", $"inmars: there is no folder '{Run}/no'\n"), await CliRun.OfAsync(["status", $"{Run}/no"]));

    [Fact]
    public async Task A_folder_without_a_run_is_told() =>
        Assert.Equal(new CliRun(1, "", $"inmars: '{Run}' holds no run (ledger.sqlite and config.resolved.yaml are missing)\n"), await StatusAsync());

    [Fact]
    public async Task A_run_without_a_ledger_is_told()
    {
        File.WriteAllText(Path.Combine(Run, "config.resolved.yaml"), "");

        Assert.Equal(
            new CliRun(1, "", $"inmars: the run in '{Run}' has no ledger.sqlite; it is just starting, or was made by a version of the program that kept none\n"),
            await StatusAsync());
    }

    [Fact]
    public async Task An_empty_ledger_is_told()
    {
        File.WriteAllText(Path.Combine(Run, "ledger.sqlite"), "");

        Assert.Equal(
            new CliRun(1, "", $"inmars: the ledger '{Run}/ledger.sqlite' is empty; the run is just starting, or was stopped before its first entry\n"),
            await StatusAsync());
    }

    [Fact]
    public async Task A_damaged_ledger_is_told()
    {
        File.WriteAllText(Path.Combine(Run, "ledger.sqlite"), new string('x', 5000));

        Assert.Equal(
            new CliRun(1, "", $"inmars: the ledger '{Run}/ledger.sqlite' cannot be read; it may be damaged: SQLite Error 26: 'file is not a database'.\n"),
            await StatusAsync());
    }

    private Task<CliRun> StatusAsync(params string[] args) => CliRun.OfAsync(["status", Run, .. args], time: _clock);

    private Ledger Night()
    {
        var ledger = Ledger.Open(Run, _clock);
        ledger.FlowsPlanned([new(0, "train", 24_000), new(1, "predict", 10_000), new(2, "evaluate", null)]);
        ledger.SessionBegan(Session);
        ledger.FlowStarted("train", 24_000);
        ledger.ShardsChanged([new("train", 0, "a.tar", ShardState.Done, new(24_000, 24_000, 3), [])]);
        ledger.CheckpointTaken(new(7, "train", 3, 2_000, new("checkpoints/7.ckpt", 3 << 20, new string('a', 64))));
        _clock.Advance(TimeSpan.FromHours(1));
        ledger.FlowEnded("train", FlowPhase.Done, new(24_000, 24_000, 3), TimeSpan.FromHours(1));
        ledger.FlowStarted("predict", 10_000);
        ledger.ShardsChanged([new("predict", 0, "a.tar", ShardState.Done, new(2, 2, 0), []), new("predict", 0, "b.tar", ShardState.Reading, new(2, 0, 0), [])]);
        ledger.Progressed(new("predict", 2_940, 10_000, 0, TimeSpan.FromMinutes(5), new(12, 10, 7_060, _clock.GetUtcNow().AddSeconds(35_000)), Memory));
        return ledger;
    }

    private void Warn(string message) => File.WriteAllText(
        Path.Combine(Run, "events.jsonl"),
        "{\"time\":\"\",\"kind\":\"flow.started\"}\n" + new JsonObject { ["time"] = "", ["kind"] = "warning", ["message"] = message }.ToJsonString() + "\n");
}
