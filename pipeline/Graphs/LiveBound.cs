using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>How many source items may be alive in a graph at once, known before it runs.</summary>
public static class LiveBound
{
    /// <summary>
    /// The sum over all stages of capacity times the source items in one input, plus parallelism times those in one output.
    /// </summary>
    /// <remarks>The memory budget (<c>memory_mb</c>) bounds the bytes independently of this count.</remarks>
    public static long Items(IGraph graph)
    {
        long bound = 0, inOneMessage = 1;
        foreach (var node in graph.Nodes)
        {
            var input = inOneMessage;
            inOneMessage *= node.Gathers;
            bound += (node.Flow.Capacity * input) + (node.Flow.Parallelism * inOneMessage);
        }

        return bound;
    }
}
