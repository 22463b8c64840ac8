using InMARS.Cli.Benchmarks.Running;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Stages;

namespace InMARS.Bench;

/// <summary>What the graph itself costs: stages that do nothing, at parallelism 1 and capacity 16.</summary>
internal static class GraphOverhead
{
    private static readonly int[] _stages = [1, 4, 8];

    public static async Task<Measured> MeasureAsync(Workbench bench)
    {
        var items = bench.Pick(50_000, 50);
        var times = await bench.Rounds(5).TimeAsync(bench.Stop, [.. _stages.Select(stages => (Func<Task>)(() => RunAsync(stages, items, bench.PathOf("run"))))]);
        return new Measured($"{items} items, a number each; parallelism 1, capacity 16", [.. _stages.Zip(times, (stages, time) => Of(stages, time.Wall / (items * stages)))]);
    }

    private static Figure Of(int stages, Times ms) =>
        Figure.Time($"{stages} stages, an item and stage", 1000 * ms) with { Unit = "µs", Target = 20 };

    private static Task<FlowSummary> RunAsync(int stages, int items, string folder)
    {
        var flow = Enumerable.Range(0, stages)
            .Select(i => Stage.Map<int, int>($"nothing {i}", new FlowOptions(1, 16), (x, _) => x))
            .Aggregate((Flow<int>)Numbers(items), (upstream, stage) => upstream >> stage);
        return Graph.RunAsync(new FlowPlan("bench", 1, flow >> Ignore<int>.Sink(new FlowOptions(1, 16))), new BenchHost(folder));
    }

    private static Source<int> Numbers(int items) => new(
        "numbers",
        (_, _, _) => Enumerable.Range(0, items).Select(i => new Sourced<int>(i, new Origin("numbers", ""), 1)).ToAsyncEnumerable(),
        (_, _) => Task.FromResult<long?>(items));
}
