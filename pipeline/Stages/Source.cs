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

    /// <summary>What the value's arrays were rented from; null where they are its own.</summary>
    public ItemArrays? Arrays { get; init; }
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
    Func<IStageContext, CancellationToken, Task<long?>> Count) : Flow<T>(Name), ISource
{
    /// <summary>Lists the files that will be read, as far as they are there; for the manifest.</summary>
    public Func<IReadOnlyList<string>> ListInputs { get; init; } = () => [];

    /// <summary>Whether the items of a shard come one behind the other, so that there are borders between shards.</summary>
    public bool GoesByShards { get; init; }

    /// <summary>What becomes of items that cannot be read; it reads one at a time whatever this says.</summary>
    public FlowOptions Policy { get; init; } = new();

    /// <summary>Finds what is wrong with the items as far as names and headers tell, without reading any; nothing where it cannot.</summary>
    public Func<IStageContext, CancellationToken, Task<SourceCheck>> Check { get; init; } = (_, _) => Task.FromResult(SourceCheck.Nothing);

    /// <summary>Reads at most so many items that lie evenly over the whole, in the order of the source; null where that cannot be done.</summary>
    public Func<IStageContext, int, CancellationToken, IEnumerable<Sourced<T>>>? Spread { get; init; }

    /// <summary>What is known of an item's extent by its header; null where it has none.</summary>
    public Func<T, Extent?> Measure { get; init; } = _ => null;

    public bool CanSpread => Spread is not null;

    internal override IReadOnlyList<string> Inputs => ListInputs();

    internal override ISource Head => this;

    internal override bool IsMapped => true;

    internal override IReadOnlyList<StageNode> Nodes => [new StageNode(Name, new FlowOptions(1, SourcePump<T>.Room), 1, 1, typeof(T)) { Borrows = true }];

    Task<long?> ISource.CountAsync(IStageContext context, CancellationToken stop) => Count(context, stop);

    Task<SourceCheck> ISource.CheckAsync(IStageContext context, CancellationToken stop) => Check(context, stop);

    IReadOnlyList<Extent> ISource.Extents(IStageContext context, int most, CancellationToken stop) =>
        [.. Spread?.Invoke(context, most, stop).Select(item => item.Value.Match(Measure, _ => null)).OfType<Extent>() ?? []];

    internal override Outlook Foresee(Outlook start) => start;

    internal override Flow<T> Cut(SourceCut cut) => this with
    {
        Read = cut.SpreadBy is { } reader && Spread is { } spread
            ? (_, from, stop) => spread(reader, cut.Items, stop).Skip((int)from.Position).ToAsyncEnumerable()
            : (context, from, stop) => Read(context, from, stop).Take(Math.Max(0, cut.Items - (int)from.Position)),
        Count = (_, _) => Task.FromResult<long?>(cut.Items),
    };

    internal override IGraph Beginning(SourceCut cut) => Discarding.Close(Cut(cut));

    internal override Outlet<T> Open(Run run) => run.OpenSource(this);
}
