namespace InMARS.Pipeline.Stages;

/// <summary>A source for whoever need not know the type of its items.</summary>
public interface ISource
{
    string Name { get; }

    /// <summary>Whether it can read items from all over the whole without reading what lies between.</summary>
    bool CanSpread { get; }

    /// <summary>Items an epoch will have, or null where that is not known without reading everything.</summary>
    Task<long?> CountAsync(IStageContext context, CancellationToken stop);

    /// <summary>What is wrong with the items as far as names and headers tell.</summary>
    Task<SourceCheck> CheckAsync(IStageContext context, CancellationToken stop);

    /// <summary>Extents of at most so many items from all over, by their headers; none where it cannot tell.</summary>
    IReadOnlyList<Extent> Extents(IStageContext context, int most, CancellationToken stop);
}

/// <summary>What is wrong with the items of a source, known without reading any.</summary>
/// <param name="Faulty">Positions that will be faults.</param>
/// <param name="First">Where the first of them stands and what it says; null where there is none.</param>
/// <param name="Notes">What deserves to be seen although it is no fault, a sentence each.</param>
public sealed record SourceCheck(long Faulty, string? First, IReadOnlyList<string> Notes)
{
    /// <summary>Nothing is known to be wrong.</summary>
    public static SourceCheck Nothing { get; } = new(0, null, []);
}

/// <summary>How much of a source is read.</summary>
/// <param name="Items">Items of an epoch, at most; 1 or more.</param>
/// <param name="SpreadBy">
/// What reads items that lie evenly over the whole, where the source can do that; null for those at its beginning.
/// </param>
internal sealed record SourceCut(int Items, IStageContext? SpreadBy = null);
