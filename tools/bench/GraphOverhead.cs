using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Stages;

namespace InMARS.Bench;

/// <summary>What the graph itself costs: stages that do nothing, at capacity 16.</summary>
internal static class GraphOverhead
{
    private const int Items = 50_000;

    public static IEnumerable<Figure> Measure()
    {
        foreach (var stages in new[] { 1, 4, 8 })
        {
            var rounds = Rounds.Of(5, () => Run(stages));
            yield return new Figure($"graph overhead, {stages} stages, an item and stage", rounds.MedianMs * 1000 / Items / stages, "µs", "at most 20");
        }
    }

    private static void Run(int stages)
    {
        var flow = Enumerable.Range(0, stages)
            .Select(i => Stage.Map<int, int>($"nothing {i}", new FlowOptions(1, 16), (x, _) => x))
            .Aggregate((Flow<int>)Numbers(), (upstream, stage) => upstream >> stage);
        Graph.RunAsync(new FlowPlan("bench", 1, flow >> Ignore<int>.Sink(new FlowOptions(1, 16))), new BenchHost(Path.GetTempPath()))
            .GetAwaiter().GetResult();
    }

    private static Source<int> Numbers() => new(
        "numbers",
        (_, _, _) => Enumerable.Range(0, Items).Select(i => new Sourced<int>(i, new Origin("numbers", ""), 1)).ToAsyncEnumerable(),
        (_, _) => Task.FromResult<long?>(Items));
}

/// <summary>One measured figure.</summary>
/// <param name="Target">What it should be, in words.</param>
internal sealed record Figure(string Name, double Value, string Unit, string Target);
