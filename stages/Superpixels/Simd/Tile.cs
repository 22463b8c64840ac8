namespace InMARS.Stages.Superpixels.Simd;

/// <summary>One tile and what its pixels may belong to.</summary>
/// <param name="values">Values of the tile, <c>[Depth, bands, Width]</c>.</param>
/// <param name="candidates">The clusters near it.</param>
/// <param name="nearest">Gets the index in <paramref name="candidates"/> of each pixel, <see cref="Outside"/> beyond the image; <c>[Depth, Width]</c>.</param>
internal readonly ref struct Tile(ReadOnlySpan<byte> values, ReadOnlySpan<Candidate> candidates, Span<ushort> nearest)
{
    /// <summary>Stands for no cluster.</summary>
    public const ushort Outside = ushort.MaxValue;

    public readonly ReadOnlySpan<byte> Values = values;
    public readonly ReadOnlySpan<Candidate> Candidates = candidates;
    public readonly Span<ushort> Nearest = nearest;

    /// <summary>Rows that are looked at: <see cref="First"/>, and every <see cref="Step"/>th behind it, below <see cref="End"/>.</summary>
    public int First { get; init; }

    public int Step { get; init; }

    public int End { get; init; }

    /// <summary>Bytes of a row of the tile.</summary>
    public int RowBytes { get; init; }
}

/// <summary>A cluster as seen from a tile.</summary>
/// <param name="OffsetX">Where the spatial table has the offset of the tile's first column from the centre.</param>
/// <param name="OffsetY">The same for its first row.</param>
internal readonly record struct Candidate(ushort L, ushort A, ushort B, ushort Infrared, int OffsetX, int OffsetY);

/// <summary>What the members of a cluster in one tile add up to; columns and rows count from the tile's first.</summary>
/// <param name="RowIndices">Sum of row indices among the rows that were looked at.</param>
internal readonly record struct Share(int Pixels, int L, int A, int B, int Infrared, int Columns, int RowIndices);
