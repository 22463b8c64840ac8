using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Stages;

/// <summary>Where reading stands: everything needed to go on from there.</summary>
/// <param name="Epoch">Pass over the source, from 0.</param>
/// <param name="Position">Items of this epoch that lie behind, in the seeded order.</param>
public readonly record struct Cursor(int Epoch, long Position);

/// <summary>One item as a source emits it.</summary>
/// <param name="Value">The item, or why it could not be read.</param>
/// <param name="Bytes">Size it will have in memory once decoded; taken from the run's memory budget until the item leaves the graph.</param>
public sealed record Sourced<T>(Result<T> Value, Origin Origin, long Bytes)
{
    /// <summary>How to read it again for the quarantine; null where the source cannot.</summary>
    public Original? Original { get; init; }
}

/// <summary>A named origin of items: a description, not yet reading.</summary>
/// <param name="Read">
/// Emits one epoch, from the cursor's position on, in an order that depends on run seed and epoch only.
/// A position that was faulty counts as a position too.
/// </param>
/// <param name="Count">Items an epoch will have, or null where that is not known without reading everything.</param>
public sealed record Source<T>(
    string Name,
    Func<IStageContext, Cursor, CancellationToken, IAsyncEnumerable<Sourced<T>>> Read,
    Func<IStageContext, CancellationToken, Task<long?>> Count) : Flow<T>(Name)
{
    /// <summary>Lists the files that will be read, as far as they are there; for the manifest.</summary>
    public Func<IReadOnlyList<string>> ListInputs { get; init; } = () => [];

    /// <summary>What becomes of items that cannot be read; it reads one at a time whatever this says.</summary>
    public FlowOptions Policy { get; init; } = new();

    internal override IReadOnlyList<string> Inputs => ListInputs();

    internal override IReadOnlyList<StageNode> Nodes => [new StageNode(Name, new FlowOptions(1, SourcePump<T>.Room), 1, 1, typeof(T))];

    internal override Outlet<T> Open(Run run) => run.OpenSource(this);
}
