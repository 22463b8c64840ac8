using System.Collections.Concurrent;
using CsCheck;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Stages;

public class CompositionTests
{
    [Fact]
    public async Task Composition_is_associative()
    {
        var add = Stage.Map<int, int>("add", new FlowOptions(), (x, _) => x + 3);
        var odd = Stage.Map<int, int>("odd", new FlowOptions(), (x, _) => x % 2 == 1 ? x : new Fault("test.even", "even"));
        var twice = Stage.Expand<int, int>("twice", new FlowOptions(), 2, (x, _) => Result.Ok<IReadOnlyList<int>>([x, -x]));

        var left = await Outputs((add >> odd) >> twice);
        var right = await Outputs(add >> (odd >> twice));
        var stepwise = new ConcurrentQueue<int>();
        await Toy.RunAsync(Toy.Numbers(20) >> add >> odd >> twice >> Toy.Collect(stepwise));

        Assert.Equal(left, right);
        Assert.Equal(left, stepwise);
        Assert.Equal([3, -3, 5, -5], left.Take(4));
    }

    [Fact]
    public async Task A_stage_does_nothing_until_it_is_run()
    {
        var calls = 0;
        var graph = Toy.Numbers(3, _ => calls++) >> Stage.Map<int, int>("count", new FlowOptions(), (x, _) => { calls++; return x; }) >> Toy.Collect(new ConcurrentQueue<int>());

        Assert.Equal(0, calls);
        await Toy.RunAsync(graph);
        Assert.Equal(6, calls);
    }

    [Fact]
    public async Task Order_is_kept_at_any_parallelism()
    {
        var outputs = new ConcurrentQueue<int>();
        var uneven = Stage.Map<int, int>("uneven", new FlowOptions(4, 8), (x, _) =>
        {
            Thread.SpinWait(x % 7 == 0 ? 20_000 : 10);
            return x;
        });

        await Toy.RunAsync(Toy.Numbers(500) >> uneven >> Toy.Collect(outputs));

        Assert.Equal(Enumerable.Range(0, 500), outputs);
    }

    [Fact]
    public async Task MapAsync_keeps_order_bounds_its_calls_and_hears_the_runs_cancellation()
    {
        var outputs = new ConcurrentQueue<int>();
        int now = 0, most = 0;
        var gate = new SemaphoreSlim(0);
        var call = Stage.MapAsync<int, int>("call", new FlowOptions(3, 6), async (x, _, stop) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref now));
            await gate.WaitAsync(stop);
            Interlocked.Decrement(ref now);
            return x * 2;
        });

        var running = Toy.RunAsync(Toy.Numbers(30) >> call >> Toy.Collect(outputs));
        gate.Release(30);
        await running;

        Assert.Equal(Enumerable.Range(0, 30).Select(x => x * 2), outputs);
        Assert.InRange(most, 1, 3);
        using var interrupt = new CancellationTokenSource();
        var hanging = Toy.RunAsync(Toy.Numbers(5) >> call >> Toy.Collect(outputs), interrupt: interrupt);
        await interrupt.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
    }

    [Theory]
    [InlineData(LastBatch.Keep, 10, 4, 3, 0)]
    [InlineData(LastBatch.Drop, 10, 4, 2, 2)]
    [InlineData(LastBatch.Drop, 8, 4, 2, 0)]
    [InlineData(LastBatch.Keep, 0, 4, 0, 0)]
    public async Task A_short_last_batch_is_kept_or_dropped_as_declared(LastBatch last, int count, int size, int batches, int dropped)
    {
        var outputs = new ConcurrentQueue<IReadOnlyList<int>>();

        var summary = await Toy.RunAsync(Toy.Numbers(count) >> Stage.Batch<int>("batch", new FlowOptions(1, 8), size, last) >> Toy.Collect(outputs));

        Assert.Equal(batches, outputs.Count);
        Assert.Equal(dropped, summary.Stages.Single(s => s.Stage == "batch").Dropped);
        Assert.Equal(Enumerable.Range(0, count - dropped), outputs.SelectMany(b => b));
    }

    [Fact]
    public async Task A_fold_steps_in_order_on_one_thread_and_may_emit_at_its_end()
    {
        var threads = new ConcurrentBag<int>();
        var outputs = new ConcurrentQueue<int>();
        var sum = Stage.Fold<List<int>, int, int>(
            "sum",
            new FlowOptions(),
            _ => Seen(threads, new List<int>()),
            (state, x, _) =>
            {
                Seen(threads, state).Add(x);
                return Result.Ok<IReadOnlyList<int>>(x % 10 == 9 ? [x] : []);
            },
            state => [Seen(threads, state).Sum()]);

        await Toy.RunAsync(Toy.Numbers(30) >> Toy.Pass(parallelism: 2) >> sum >> Toy.Collect(outputs));

        Assert.Equal([9, 19, 29, 435], outputs);
        Assert.Single(threads.Distinct());
    }

    [Fact]
    public async Task An_expand_that_gives_more_than_declared_is_a_bug()
    {
        var many = Stage.Expand<int, int>("many", new FlowOptions(), 2, (x, _) => Result.Ok<IReadOnlyList<int>>([x, x, x]));

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => Toy.RunAsync(Toy.Numbers(3) >> many >> Toy.Collect(new ConcurrentQueue<int>())));

        Assert.Equal("Stage 'many' gave 3 outputs for one input; it declares at most 2.", e.Message);
    }

    [Fact]
    public async Task A_tee_shows_every_item_to_every_sink_and_the_slowest_sets_the_pace()
    {
        var fast = new ConcurrentQueue<int>();
        var slow = new ConcurrentQueue<int>();
        var gate = new SemaphoreSlim(0);
        IReadOnlyList<Sink<int>> tee =
        [
            Toy.Collect(fast, new FlowOptions(1, 2)),
            Toy.Each<int>("slow", async x => { await gate.WaitAsync(TestContext.Current.CancellationToken); slow.Enqueue(x); }, new FlowOptions(1, 2)),
        ];

        var running = Toy.RunAsync(Toy.Numbers(50) >> tee);
        gate.Release(50);
        var summary = await running;

        Assert.Equal(Enumerable.Range(0, 50), fast);
        Assert.Equal(Enumerable.Range(0, 50), slow);
        Assert.Equal(50, summary.Left);
    }

    [Fact]
    public async Task Seeds_depend_on_seed_stage_epoch_and_index_only()
    {
        async Task<List<ulong>> Draw(int parallelism)
        {
            var seeds = new ConcurrentQueue<ulong>();
            var draw = Stage.Map<int, ulong>("draw", new FlowOptions(parallelism, 8), (_, item) => item.Seed);
            await Toy.RunAsync(Toy.Numbers(40) >> draw >> Toy.Collect(seeds), epochs: 2);
            return [.. seeds];
        }

        var one = await Draw(1);

        Assert.Equal(one, await Draw(4));
        Assert.Equal(80, one.Distinct().Count());
    }

    [Fact]
    public async Task Two_stages_of_one_name_draw_different_seeds()
    {
        var seeds = new ConcurrentQueue<ulong>();
        var draw = Stage.Map<ulong, ulong>("draw", new FlowOptions(), (x, item) => x ^ item.Seed);
        var start = Stage.Map<int, ulong>("start", new FlowOptions(), (_, _) => 0UL);

        var summary = await Toy.RunAsync(Toy.Numbers(5) >> start >> draw >> draw >> Toy.Collect(seeds));

        Assert.DoesNotContain(0UL, seeds);
        Assert.Contains("draw#2", summary.Stages.Select(s => s.Stage));
    }

    [Fact]
    public void Batches_of_any_size_pass_any_budget() =>
        Check.Sample(
            Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 6], Gen.Int[0, 60]),
            t =>
            {
                var (size, second, capacity, count) = t;
                var outputs = new ConcurrentQueue<IReadOnlyList<IReadOnlyList<int>>>();
                var flow = new FlowOptions(1, capacity);
                // Every item takes the whole budget, so that only the rule for parked items lets a second one in.
                var graph = Toy.Numbers(count, bytes: 64L * 1024 * 1024)
                    >> Toy.Pass(capacity: capacity)
                    >> Stage.Batch<int>("batch", flow, size, LastBatch.Keep)
                    >> Stage.Batch<IReadOnlyList<int>>("batch of batches", flow, Math.Min(second, 5), LastBatch.Keep)
                    >> Toy.Collect(outputs);

                Toy.RunAsync(graph).GetAwaiter().GetResult();

                return outputs.SelectMany(b => b).SelectMany(b => b).SequenceEqual(Enumerable.Range(0, count));
            },
            iter: 60,
            threads: 1);

    private static async Task<List<int>> Outputs(Stage<int, int> stage)
    {
        var outputs = new ConcurrentQueue<int>();
        await Toy.RunAsync(Toy.Numbers(20) >> stage >> Toy.Collect(outputs));
        return [.. outputs];
    }

    private static T Seen<T>(ConcurrentBag<int> threads, T state)
    {
        threads.Add(Environment.CurrentManagedThreadId);
        return state;
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }
}
