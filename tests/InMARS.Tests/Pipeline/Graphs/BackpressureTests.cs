using System.Collections.Concurrent;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Graphs;

public class BackpressureTests
{
    private const int Auto = 0;

    public static TheoryData<int, int, int> Grid
    {
        get
        {
            var grid = new TheoryData<int, int, int>();
            foreach (var parallelism in new[] { Auto, 1, 2, 4 })
            {
                foreach (var capacity in new[] { 1, 2, 8, 16 })
                {
                    foreach (var size in new[] { 1, 2, 7, 16 })
                    {
                        grid.Add(parallelism, capacity, size);
                    }
                }
            }

            return grid;
        }
    }

    [Theory]
    [MemberData(nameof(Grid))]
    public async Task Items_alive_never_exceed_the_bound_and_all_arrive_in_order(int parallelism, int capacity, int size)
    {
        var outputs = new ConcurrentQueue<IReadOnlyList<int>>();
        var graph = Toy.Numbers(300)
            >> Stage.Map<int, int>("a", Flow(parallelism, capacity), (x, _) => x)
            >> Stage.Map<int, int>("b", Flow(parallelism, capacity), (x, _) => x)
            >> Stage.Batch<int>("batch", new FlowOptions(1, Math.Max(capacity, size)), size, LastBatch.Keep)
            >> Stage.Map<IReadOnlyList<int>, IReadOnlyList<int>>("c", Flow(parallelism, capacity), (b, _) => b.ToArray())
            >> Toy.Each<IReadOnlyList<int>>("slow", async b => { await Task.Yield(); outputs.Enqueue(b); }, new FlowOptions(1, capacity));

        var summary = await Toy.RunAsync(graph);

        Assert.Equal(Enumerable.Range(0, 300), outputs.SelectMany(b => b));
        Assert.InRange(summary.PeakItems, 1, LiveBound.Items(graph));
        Assert.Equal(parallelism == Auto, summary.Auto is not null);
    }

    private static FlowOptions Flow(int parallelism, int capacity) =>
        parallelism == Auto ? new FlowOptions().OrAuto(null, null, 4) : new FlowOptions(parallelism, capacity);

    [Fact]
    public async Task A_slow_sink_holds_the_source_back()
    {
        var read = 0;
        var gate = new SemaphoreSlim(0);
        var graph = Toy.Numbers(1000, _ => Interlocked.Increment(ref read)) >> Toy.Pass(capacity: 3)
            >> Toy.Each<int>("stuck", _ => gate.WaitAsync(TestContext.Current.CancellationToken), new FlowOptions(1, 2));
        var bound = LiveBound.Items(graph);

        var running = Toy.RunAsync(graph);
        SpinWait.SpinUntil(() => Volatile.Read(ref read) >= 6, TimeSpan.FromSeconds(10));
        var before = Volatile.Read(ref read);
        gate.Release(1000);
        await running;

        Assert.InRange(before, 6, bound + 1);
        Assert.Equal(1000, read);
    }

    [Fact]
    public async Task Bytes_in_the_graph_stay_within_the_budget()
    {
        const long Mib = 1024 * 1024;

        var summary = await Toy.RunAsync(
            Toy.Numbers(200, bytes: 3 * Mib) >> Toy.Pass(capacity: 16) >> Toy.Each<int>("sink", async _ => await Task.Yield()),
            new TestHost(memoryMb: 10));

        Assert.InRange(summary.PeakBytes, 3 * Mib, 10 * Mib);
        Assert.InRange(summary.PeakItems, 1, 3);
        Assert.Equal(200, summary.Left);
    }

    [Fact]
    public async Task An_item_larger_than_the_budget_passes_alone()
    {
        var summary = await Toy.RunAsync(
            Toy.Numbers(20, bytes: 100L * 1024 * 1024) >> Toy.Pass() >> Toy.Collect(new ConcurrentQueue<int>()),
            new TestHost(memoryMb: 10));

        Assert.Equal((20, 1), (summary.Left, summary.PeakItems));
    }

    [Fact]
    public void The_bound_counts_items_in_batches()
    {
        var graph = Toy.Numbers(1)
            >> Toy.Pass(parallelism: 2, capacity: 5)
            >> Stage.Batch<int>("batch", new FlowOptions(1, 8), 8, LastBatch.Keep)
            >> Toy.Collect(new ConcurrentQueue<IReadOnlyList<int>>(), new FlowOptions(1, 3));

        // source 4 + 1, pass 5 + 2, batch 8 + 1 list of 8, sink 3 lists of 8 + 1 list of 8
        Assert.Equal(5 + 7 + 16 + 32, LiveBound.Items(graph));
    }
}
