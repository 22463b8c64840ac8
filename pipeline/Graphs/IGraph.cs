using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>A closed graph: source, stages and sinks as one value that does nothing until it is run.</summary>
public interface IGraph
{
    /// <summary>Runs to the end of the source, or until something fails; returns the books, or throws what went wrong first.</summary>
    internal Task RunAsync(Run run);

    internal IReadOnlyList<StageNode> Nodes { get; }

    /// <summary>Names of its stages in order, the source first and the sinks last.</summary>
    sealed IReadOnlyList<string> StageNames => [.. Nodes.Select(n => n.Name)];

    /// <summary>Its stages in order, the source first and the sinks last.</summary>
    sealed IReadOnlyList<StageShape> Shapes =>
    [
        .. Nodes.Select(n => new StageShape(n.Name, n.Flow.Parallelism, n.Flow.Capacity, n.Gathers, n.Expands)
        {
            IsSink = n.Gives == typeof(void),
            ParallelismIsAuto = n.Flow.ParallelismIsAuto,
            CapacityIsAuto = n.Flow.CapacityIsAuto,
        }),
    ];

    /// <summary>The files its source reads, as far as they are there.</summary>
    IReadOnlyList<string> Inputs { get; }

    /// <summary>Where its items come from.</summary>
    ISource Source { get; }

    /// <summary>What is known at its end of what is known of its source.</summary>
    internal Outlook Foresee(Outlook start);

    /// <summary>The same graph of fewer items.</summary>
    internal IGraph Cut(SourceCut cut);

    /// <summary>The stages up to the first that is no map, of fewer items, closed by a sink that keeps nothing.</summary>
    internal IGraph Beginning(SourceCut cut);
}
