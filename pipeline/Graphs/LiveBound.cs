namespace InMARS.Pipeline.Graphs;

/// <summary>How many source items may be alive in a graph at once, known before it runs.</summary>
public static class LiveBound
{
    /// <summary>
    /// The sum over all stages of capacity times the source items in one input, plus parallelism times those in one output.
    /// </summary>
    /// <remarks>The memory budget (<c>memory_mb</c>) bounds the bytes independently of this count.</remarks>
    public static long Items(IGraph graph) => Items(graph.Nodes.Select(n => (n.Flow.Parallelism, n.Flow.Capacity, (long)n.Gathers)));

    /// <summary>The same for stages whose settings are known: parallelism, capacity, and the inputs that one output holds.</summary>
    public static long Items(IEnumerable<(int Parallelism, int Capacity, long Gathers)> stages)
    {
        long bound = 0, inOneMessage = 1;
        foreach (var (parallelism, capacity, gathers) in stages)
        {
            var input = inOneMessage;
            inOneMessage *= gathers;
            bound += (capacity * input) + (parallelism * inOneMessage);
        }

        return bound;
    }
}
