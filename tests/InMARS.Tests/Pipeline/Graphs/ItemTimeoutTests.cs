using System.Collections.Concurrent;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Graphs;

/// <summary>Kernels that are late: each fires its own time limit and then hangs until its test ends.</summary>
public sealed class ItemTimeoutTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private readonly ManualResetEventSlim _gate = new();
    private readonly OwnTimerClock _clock = new();
    private readonly TestHost _host;
    private readonly Tracked.Counter _counter = new();
    private readonly ConcurrentQueue<bool> _inputsAlive = new();

    public ItemTimeoutTests() => _host = new TestHost { Time = _clock };

    public void Dispose() => _gate.Set();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 16)]
    [InlineData(2, 2)]
    [InlineData(3, 16)]
    [InlineData(8, 8)]
    public async Task A_late_item_is_rejected_and_the_others_come_in_order(int parallelism, int capacity)
    {
        var given = new ConcurrentQueue<int>();
        var late = Late(parallelism, capacity, 0, 7, 8, 39);

        var summary = await Toy.RunAsync(Toy.Numbers(40) >> Make() >> late >> Look(given), _host);

        Assert.Equal(Enumerable.Range(0, 40).Except([0, 7, 8, 39]), given);
        Assert.Equal(["0", "39", "7", "8"], _host.Rejects.Select(r => r.Origin.Key).Order(StringComparer.Ordinal));
        Assert.All(_host.Rejects, r => Assert.Equal(("late", "item.timeout", "the stage was at it for more than 2.5 s", 1), (r.Stage, r.Fault.Code, r.Fault.Message, r.Fault.Attempts)));
        Assert.Equal((40, 36, 4, 36), (summary.Stages[2].In, summary.Stages[2].Passed, summary.Stages[2].Rejected, summary.Stages[2].Emitted));
        Assert.Equal((40, 40, 4), (summary.Read, summary.Left, summary.Rejected));
        Assert.False(_host.StopRequested);
    }

    [Fact]
    public async Task What_a_late_kernel_reads_and_gives_is_disposed_once_and_not_before_it_is_done()
    {
        await Toy.RunAsync(Toy.Numbers(40) >> Make() >> Late(2, 4, 3, 20) >> Look(new ConcurrentQueue<int>()), _host);
        var whileItHangs = _counter.Live;

        _gate.Set();

        Assert.Equal(2, whileItHangs);
        Await(() => _counter is { Live: 0, Made: 80 });
        Assert.Equal([true, true], _inputsAlive);
        Assert.Equal(0, _counter.Twice);
    }

    [Fact]
    public async Task A_late_kernel_that_hands_its_input_on_disposes_it_once()
    {
        var move = Stage.Map<Tracked, Tracked>("move", Limited(2, 4), (t, _) => Hang(t.Number == 5, t));

        await Toy.RunAsync(Toy.Numbers(10) >> Make() >> move >> Look(new ConcurrentQueue<int>()), _host);
        _gate.Set();

        Await(() => _counter.Live == 0);
        Assert.Equal((10, 0), (_counter.Made, _counter.Twice));
    }

    [Fact]
    public async Task Outputs_of_a_late_kernel_of_several_are_disposed()
    {
        var expand = Stage.Expand<Tracked, Tracked>("expand", Limited(2, 4), 2, (t, _) =>
            Result.Ok<IReadOnlyList<Tracked>>([Hang(t.Number == 5, Tracked.Make(_counter, t.Number)), Tracked.Make(_counter, t.Number)]));

        await Toy.RunAsync(Toy.Numbers(10) >> Make() >> expand >> Look(new ConcurrentQueue<int>()), _host);
        _gate.Set();

        Await(() => _counter is { Live: 0, Made: 30 });
        Assert.Equal(0, _counter.Twice);
    }

    [Fact]
    public async Task What_a_late_kernel_throws_ends_nothing()
    {
        var bug = Stage.Map<Tracked, int>("bug", Limited(2, 4), (t, _) => Hang(t.Number == 5, t).Number == 5 ? throw new InvalidOperationException("late bug") : t.Number);

        var summary = await Toy.RunAsync(Toy.Numbers(10) >> Make() >> bug >> Toy.Collect(new ConcurrentQueue<int>()), _host);
        _gate.Set();

        Await(() => _counter.Live == 0);
        Assert.Equal((1, 0), (summary.Rejected, _counter.Twice));
    }

    [Fact]
    public async Task A_resource_is_closed_when_the_last_late_kernel_has_come_back()
    {
        Tracked? resource = null;
        var stage = Stage.Map<Tracked, int, int>("late", Limited(2, 4), _ => resource = Tracked.Make(_counter, -1), (_, x, _) => Hang(x is 2 or 5, x));

        await Toy.RunAsync(Toy.Numbers(10) >> stage >> Toy.Collect(new ConcurrentQueue<int>()), _host);
        var closed = resource!.IsDisposed;
        _gate.Set();

        Assert.False(closed);
        Await(() => resource.IsDisposed);
        Assert.Equal(0, _counter.Twice);
    }

    [Fact]
    public async Task A_late_kernel_that_waits_is_left_behind_too()
    {
        var answer = new TaskCompletionSource<Result<Tracked>>();
        var given = new ConcurrentQueue<int>();
        var call = Stage.MapAsync<int, Tracked>("call", Limited(2, 4), (x, _, _) =>
        {
            if (x != 3)
            {
                return Task.FromResult(Result.Ok(Tracked.Make(_counter, x)));
            }

            OwnTimerClock.FireMine();
            return answer.Task;
        });

        await Toy.RunAsync(Toy.Numbers(10) >> call >> Look(given), _host);
        answer.SetResult(Tracked.Make(_counter, 3));

        Assert.Equal([0, 1, 2, 4, 5, 6, 7, 8, 9], given);
        Await(() => _counter.Live == 0);
        Assert.Equal((10, 0), (_counter.Made, _counter.Twice));
    }

    [Fact]
    public async Task More_late_kernels_than_may_hang_stop_the_run()
    {
        var graph = Toy.Numbers(10_000) >> Make() >> Late(1, 4, 10, 11, 12, 13, 14) >> Look(new ConcurrentQueue<int>());

        await Assert.ThrowsAsync<RunStoppedException>(() => Toy.RunAsync(graph, _host));

        Assert.Equal("5 kernels of late have not come back, the last at numbers:14; no more than 4 may be left behind", _host.StopReason);
        Assert.Equal(["10", "11", "12", "13", "14"], _host.Rejects.Select(r => r.Origin.Key));
        _gate.Set();
        Await(() => _counter.Live == 0);
        Assert.Equal(0, _counter.Twice);
    }

    [Fact]
    public async Task A_bug_in_time_is_thrown_with_its_own_stack()
    {
        var bug = Stage.Map<int, int>("bug", Limited(2, 4), (x, _) => Buggy(x));

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => Toy.RunAsync(Toy.Numbers(10) >> bug >> Toy.Collect(new ConcurrentQueue<int>()), _host));

        Assert.Contains(nameof(Buggy), e.StackTrace, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(0.0, 0)]
    [InlineData(5.0, 10)]
    public async Task Only_a_limit_costs_a_timer_for_each_item(double? seconds, int timers)
    {
        var pass = Stage.Map<int, int>("pass", new FlowOptions(2, 4) { ItemTimeoutSeconds = seconds }, (x, _) => x);

        await Toy.RunAsync(Toy.Numbers(10) >> pass >> Toy.Collect(new ConcurrentQueue<int>()), _host);

        Assert.Equal(timers, _clock.Made);
    }

    [Fact]
    public async Task The_limit_of_the_run_holds_where_a_stage_has_none_and_never_for_a_fold()
    {
        var host = new TestHost { Time = _clock, ItemTimeoutSeconds = 60 };
        var fold = Stage.Fold<int[], int, int>("sum", new FlowOptions(), _ => [0], (sum, x, _) => Result.Ok<IReadOnlyList<int>>([sum[0] += x]), _ => []);
        var free = Stage.Map<int, int>("free", new FlowOptions { ItemTimeoutSeconds = 0 }, (x, _) => x);

        await Toy.RunAsync(Toy.Numbers(10) >> Toy.Pass() >> free >> fold >> Toy.Collect(new ConcurrentQueue<int>()), host);

        Assert.Equal(10, _clock.Made);
    }

    private static void Await(Func<bool> done) => Assert.True(SpinWait.SpinUntil(done, _patience));

    private static FlowOptions Limited(int parallelism, int capacity) => new(parallelism, capacity) { ItemTimeoutSeconds = 2.5 };

    private static int Buggy(int x) => x == 5 ? throw new InvalidOperationException("bug") : x;

    private Stage<int, Tracked> Make() => Stage.Map<int, Tracked>("make", new FlowOptions(2, 4), (x, _) => Tracked.Make(_counter, x));

    private Stage<Tracked, Tracked> Late(int parallelism, int capacity, params int[] late) => Stage.Map<Tracked, Tracked>("late", Limited(parallelism, capacity), (t, _) =>
    {
        var hangs = Hang(late.Contains(t.Number), late.Contains(t.Number));
        if (hangs)
        {
            _inputsAlive.Enqueue(!t.IsDisposed);
        }

        return Tracked.Make(_counter, t.Number);
    });

    private T Hang<T>(bool hangs, T value)
    {
        if (hangs)
        {
            OwnTimerClock.FireMine();
            _gate.Wait();
        }

        return value;
    }

    private static Sink<Tracked> Look(ConcurrentQueue<int> given) => Toy.Each<Tracked>("look", t =>
    {
        given.Enqueue(t.Number);
        return Task.CompletedTask;
    });
}
