using System.Threading.Tasks.Dataflow;
using InMARS.Pipeline.Graphs;

namespace InMARS.Pipeline.Stages;

/// <summary>A source with the stages behind it: a graph that is still open at its end.</summary>
public abstract record Flow<T>(string Name)
{
    /// <summary>The stages in order, for plans, pictures and bounds.</summary>
    internal abstract IReadOnlyList<StageNode> Nodes { get; }

    internal abstract IReadOnlyList<string> Inputs { get; }

    /// <summary>Where its items come from.</summary>
    internal abstract ISource Head { get; }

    /// <summary>Whether nothing in it keeps anything between items: a source, and maps.</summary>
    internal abstract bool IsMapped { get; }

    /// <summary>What is known at its end of what is known of its source.</summary>
    internal abstract Outlook Foresee(Outlook start);

    /// <summary>The same flow of fewer items.</summary>
    internal abstract Flow<T> Cut(SourceCut cut);

    /// <summary>The flow up to the first stage that is no map, of fewer items, closed by a sink that keeps nothing.</summary>
    internal abstract IGraph Beginning(SourceCut cut);

    internal abstract Outlet<T> Open(Run run);
}

/// <summary>What is known of a stage before it runs.</summary>
/// <param name="Gathers">Items of its input that one of its outputs holds, at most.</param>
/// <param name="Expands">Outputs that one of its inputs gives, at most.</param>
internal sealed record StageNode(string Name, FlowOptions Flow, int Gathers, int Expands, Type Gives)
{
    /// <summary>As of the stage.</summary>
    public bool Borrows { get; init; }
}

/// <summary>The open end of a running graph.</summary>
internal sealed record Outlet<T>(ISourceBlock<Item<T>> Block, StageBooks Books);
