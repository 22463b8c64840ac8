using System.Collections.Concurrent;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Graphs;

public class OwnershipTests
{
    private static readonly FlowOptions Narrow = new(2, 4);

    [Fact]
    public async Task Every_value_is_disposed_once_in_a_run_that_ends_well()
    {
        var counter = new Tracked.Counter();
        var graph = Toy.Numbers(200) >> Make(counter) >> Remake(counter) >> Batch() >> Count(counter) >> Ignore<int>();

        await Toy.RunAsync(graph);

        Assert.Equal((0, 400, 0), (counter.Live, counter.Made, counter.Twice));
    }

    [Fact]
    public async Task Every_value_in_flight_is_disposed_once_when_a_stage_fails()
    {
        var counter = new Tracked.Counter();
        var bug = Stage.Map<Tracked, int>("bug", Narrow, (t, _) => t.Number == 70 ? throw new InvalidOperationException("bug") : t.Number);

        await Assert.ThrowsAnyAsync<Exception>(() => Toy.RunAsync(Toy.Numbers(5000) >> Make(counter) >> Remake(counter) >> bug >> Ignore<int>()));

        Assert.Equal((0, 0), (counter.Live, counter.Twice));
    }

    [Fact]
    public async Task Rejected_dropped_and_half_batched_values_are_disposed_too()
    {
        var counter = new Tracked.Counter();
        var picky = Stage.Map<Tracked, Tracked>("picky", Narrow, (t, _) => t.Number % 3 == 0 ? new Fault("test.three", "three") : Tracked.Make(counter, t.Number));
        var batch = Stage.Batch<Tracked>("batch", Narrow, 4, LastBatch.Drop);

        await Toy.RunAsync(Toy.Numbers(101) >> Make(counter) >> picky >> batch >> Count(counter) >> Ignore<int>());

        Assert.Equal((0, 0), (counter.Live, counter.Twice));
    }

    [Fact]
    public async Task A_kernel_that_returns_its_input_has_moved_it()
    {
        var counter = new Tracked.Counter();
        var alive = new ConcurrentQueue<bool>();
        var move = Stage.Map<Tracked, Tracked>("move", Narrow, (t, _) => t);
        var unbatch = Stage.Expand<IReadOnlyList<Tracked>, Tracked>("unbatch", Narrow, 4, (b, _) => Result.Ok<IReadOnlyList<Tracked>>([.. b.Skip(1)]));
        var look = Stage.Map<Tracked, int>("look", Narrow, (t, _) => { alive.Enqueue(!t.IsDisposed); return t.Number; });

        await Toy.RunAsync(Toy.Numbers(40) >> Make(counter) >> move >> Batch() >> unbatch >> look >> Ignore<int>());

        Assert.DoesNotContain(false, alive);
        Assert.Equal((0, 0), (counter.Live, counter.Twice));
    }

    [Fact]
    public async Task A_value_shared_by_several_sinks_lives_until_the_last_has_seen_it()
    {
        var counter = new Tracked.Counter();
        var alive = new ConcurrentQueue<bool>();
        Sink<Tracked> Look(string name) => Toy.Each<Tracked>(name, async t => { await Task.Yield(); alive.Enqueue(!t.IsDisposed); });

        await Toy.RunAsync(Toy.Numbers(60) >> Make(counter) >> new[] { Look("a"), Look("b"), Look("c") });

        Assert.Equal(180, alive.Count(x => x));
        Assert.Equal((0, 0), (counter.Live, counter.Twice));
    }

    [Fact]
    public async Task States_and_resources_are_closed_once_on_success_and_on_failure()
    {
        foreach (var bad in new[] { -1, 5 })
        {
            var counter = new Tracked.Counter();
            var fold = Stage.Fold<Tracked, int, int>(
                "fold", Narrow, _ => Tracked.Make(counter, 0), (_, x, _) => x == bad ? throw new InvalidOperationException("bug") : Result.Ok<IReadOnlyList<int>>([x]), _ => []);
            var map = Stage.Map<Tracked, int, int>("map", Narrow, _ => Tracked.Make(counter, 0), (t, x, _) => t.IsDisposed ? throw new ObjectDisposedException("resource") : x);

            var failure = await Record.ExceptionAsync(() => Toy.RunAsync(Toy.Numbers(20) >> map >> fold >> Ignore<int>()));

            Assert.Equal(bad >= 0, failure is InvalidOperationException);
            Assert.Equal((0, 2, 0), (counter.Live, counter.Made, counter.Twice));
        }
    }

    private static Stage<int, Tracked> Make(Tracked.Counter counter) =>
        Stage.Map<int, Tracked>("make", Narrow, (x, _) => Tracked.Make(counter, x));

    private static Stage<Tracked, Tracked> Remake(Tracked.Counter counter) =>
        Stage.Map<Tracked, Tracked>("remake", Narrow, (t, _) => Tracked.Make(counter, t.Number));

    private static Stage<Tracked, IReadOnlyList<Tracked>> Batch() => Stage.Batch<Tracked>("batch", Narrow, 4, LastBatch.Keep);

    private static Stage<IReadOnlyList<Tracked>, int> Count(Tracked.Counter counter) =>
        Stage.Map<IReadOnlyList<Tracked>, int>("count", Narrow, (b, _) => b.Any(t => t.IsDisposed) || counter.Twice > 0 ? throw new ObjectDisposedException("item") : b.Count);

    private static Sink<T> Ignore<T>() => Toy.Each<T>("ignore", _ => Task.CompletedTask);
}
