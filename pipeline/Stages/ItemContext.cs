namespace InMARS.Pipeline.Stages;

/// <summary>Where an item came from.</summary>
/// <param name="Shard">Path of the shard, folder or list, as the user named it.</param>
/// <param name="Key">Name of the sample within it.</param>
public readonly record struct Origin(string Shard, string Key)
{
    public override string ToString() => $"{Shard}:{Key}";
}

/// <summary>What a kernel may know about the item in hand, beyond its value.</summary>
/// <param name="Index">Position in the seeded order of its epoch, from 0; stable across runs and degrees of parallelism.</param>
/// <param name="Epoch">Pass over the source, from 0.</param>
/// <param name="Seed">Random seed of this item in this stage: a hash of run seed, stage name, epoch and index.</param>
/// <param name="Progress">Share of the flow that lies behind this item, 0 to 1; NaN where the source cannot count its items.</param>
public readonly record struct ItemContext(long Index, int Epoch, ulong Seed, double Progress)
{
    /// <summary>Arrays that live as long as the item is in the graph; null where the flow does not use arrays again.</summary>
    public ItemArrays? Arrays { get; init; }

    /// <summary>An array of exactly this length for an output; its content is what others left there.</summary>
    public T[] Rent<T>(int length)
        where T : unmanaged => Arrays is { } arrays ? arrays.Rent<T>(length) : GC.AllocateUninitializedArray<T>(length);

    /// <summary>Memory for the time of one call of a kernel.</summary>
    public Scratch<T> Scratch<T>(int length)
        where T : unmanaged => new(Arrays?.Store, length);
}
