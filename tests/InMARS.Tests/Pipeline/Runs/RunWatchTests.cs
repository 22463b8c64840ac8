using System.Text.Json.Nodes;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Runs;
using InMARS.Pipeline.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Runs;

public sealed class RunWatchTests : IAsyncDisposable
{
    private readonly ManualClock _clock = new();
    private readonly List<string> _stopped = [];
    private readonly List<(string Kind, string Message, Exception? Failure)> _noted = [];
    private readonly List<ProgressEvent> _recorded = [];
    private readonly List<IAsyncDisposable> _open = [];
    private readonly List<string> _suspects = [];
    private long _done;
    private long _activity;

    public async ValueTask DisposeAsync()
    {
        foreach (var watch in _open)
        {
            await watch.DisposeAsync();
        }
    }

    [Fact]
    public void A_deadline_is_the_next_time_the_clock_shows_it()
    {
        Watch(s => s with { Deadline = new TimeOnly(6, 0) });

        _clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        Assert.Empty(_stopped);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("its time is over (deadline 06:00)", _stopped[0]);
    }

    [Fact]
    public void Hours_count_from_the_start_and_the_earlier_end_holds()
    {
        Watch(s => s with { Deadline = new TimeOnly(6, 0), MaxHours = 1.5 });

        _clock.Advance(TimeSpan.FromMinutes(90));

        Assert.Equal("its time is over (deadline 06:00, max_hours 1.5)", _stopped[0]);
    }

    [Fact]
    public void Progress_is_recorded_every_second_and_foretold_every_minute()
    {
        Watch().FlowStarted(Progress(total: 10_000), _recorded.Add);

        Work(seconds: 125, perSecond: 20);

        Assert.Equal(125, _recorded.Count);
        Assert.Equal((2500L, 20.0), (_recorded[^1].Done, _recorded[^1].Forecast.LastMinute));
        Assert.Equal(["forecast", "forecast"], _noted.Select(n => n.Kind));
    }

    [Fact]
    public void A_flow_that_will_not_be_done_in_time_is_warned_of_once()
    {
        Watch(s => s with { Deadline = new TimeOnly(19, 0) }).FlowStarted(Progress(total: 1_000_000), _recorded.Add);

        Work(seconds: 200, perSecond: 20);

        Assert.Equal(
            "this flow will not be done in time: it would end at 2026-11-23 07:53, and the run stops at 2026-11-22 19:00",
            Assert.Single(_noted, n => n.Kind == "warning").Message);
    }

    [Fact]
    public void A_disk_that_fills_up_stops_the_run_before_it_is_full()
    {
        var free = 400L << 20;
        Watch(s => s with { MinFreeMb = 300 }, free: () => free);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(_stopped);

        free = 299L << 20;
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("the disk of 'here' has 299 MiB left, and run.min_free_mb is 300", Assert.Single(_stopped));
    }

    [Fact]
    public void A_slow_stage_is_no_stall_as_long_as_any_stage_moves()
    {
        Watch(s => s with { StallMinutes = 2 }).FlowStarted(Progress(total: 100), _recorded.Add);

        for (var minute = 0; minute < 30; minute++)
        {
            _activity++;
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Empty(_stopped);
    }

    [Fact]
    public async Task A_stall_is_told_with_what_every_stage_is_at_and_then_given_up()
    {
        using var folder = new TemporaryFolder();
        var watch = Watch(s => s with { StallMinutes = 2, StopSeconds = 30 }, directory: folder.Path);
        watch.FlowStarted(Progress(total: 100), _recorded.Add);

        _clock.Advance(TimeSpan.FromMinutes(2) + TimeSpan.FromSeconds(1));
        var before = watch.GivenUp.IsCompleted;
        _clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("slow has been at a.tar:7 for 3 minutes, and nothing else moves", _stopped[0]);
        Assert.Equal(
            "nothing has moved for 2 minutes: read: starved; slow: busy with a.tar:7 for 180 s, 4 waiting; write: blocked, 1 waiting; the stacks are in stall-1.txt",
            Assert.Single(_noted, n => n.Kind == "stall").Message);
        Assert.Equal(
            "Stages\n\nread: starved\nslow: busy with a.tar:7 for 180 s, 4 waiting\nwrite: blocked, 1 waiting\n\nThreads\n\n7 slow\n    Slow.Wait\n",
            File.ReadAllText(folder["stall-1.txt"]));
        Assert.Equal(["flow a.tar:7"], _suspects);
        Assert.False(before);
        await watch.GivenUp.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_kernel_that_takes_ever_more_memory_is_named_and_the_run_stops_before_the_system_ends_it()
    {
        var used = 899L << 20;
        var watch = Watch(resident: () => used, limit: new MemoryLimit(1000L << 20, "cgroup v2"));
        watch.FlowStarted(Progress(total: 100), _recorded.Add);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(_stopped);

        used = 900L << 20;
        _clock.Advance(TimeSpan.FromSeconds(2));
        var before = watch.GivenUp.IsCompleted;
        used = 950L << 20;
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("900 MiB are in use of the 1000 MiB that this process may have (cgroup v2); slow is at a.tar:7", Assert.Single(_stopped));
        Assert.Equal(["flow a.tar:7"], _suspects);
        Assert.False(before);
        await watch.GivenUp.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void What_the_watch_itself_cannot_do_is_a_failure_of_the_run()
    {
        Watch().FlowStarted(Progress(total: 10), _ => throw new InMARS.Pipeline.Outcomes.RunException("cannot write the ledger"));

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("cannot write the ledger", Assert.Single(_noted).Failure!.Message);
    }

    private RunWatch Watch(Func<RunSettings, RunSettings>? with = null, Func<long>? free = null, string directory = "here", Func<long>? resident = null, MemoryLimit? limit = null)
    {
        var settings = new RunSettings("test", 1, "runs", "cpu", 1, 0, "cache", new RejectPolicy()) { StallMinutes = 1000 };
        var options = new RunOptions(false, _clock)
        {
            FreeSpace = _ => free?.Invoke() ?? 1L << 40,
            ThreadStacks = () => "7 slow\n    Slow.Wait\n",
            Resident = resident ?? (() => 0),
            MemoryLimit = limit ?? new MemoryLimit(1L << 40, "machine"),
        };
        var watch = new RunWatch(with?.Invoke(settings) ?? settings, directory, options, new RunWatch.Listeners(_stopped.Add, Note, (flow, item) => _suspects.Add($"{flow} {item}")));
        _open.Add(watch);
        return watch;
    }

    private void Note(string kind, string message, JsonObject? data, Exception? failure) => _noted.Add((kind, message, failure));

    private FlowProgress Progress(long total) => new("flow", total, () => _done, () => 0, () => new Dictionary<string, double>())
    {
        Activity = () => _activity,
        Stages = () =>
        [
            new StageSnapshot("read", 0, null, TimeSpan.Zero, 0),
            new StageSnapshot("slow", 1, new Origin("a.tar", "7"), TimeSpan.FromMinutes(3), 4),
            new StageSnapshot("write", 0, null, TimeSpan.Zero, 1),
        ],
    };

    private void Work(int seconds, int perSecond)
    {
        for (var second = 0; second < seconds; second++)
        {
            (_done, _activity) = (_done + perSecond, _activity + 1);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
