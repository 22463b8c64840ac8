namespace InMARS.Stages.Superpixels.Simd;

/// <summary>The centres of all clusters, and the sums from which the next ones come.</summary>
/// <param name="colours">L, a, b and infrared of each, <c>[Count, 4]</c>, 0 to 255.</param>
/// <param name="xs">Columns of the centres.</param>
/// <param name="ys">Rows of the centres.</param>
/// <param name="sums">Pixels and sums of L, a, b, infrared, x and y of the members, <c>[Count, 7]</c>.</param>
internal readonly ref struct Clusters(Span<ushort> colours, Span<int> xs, Span<int> ys, Span<long> sums)
{
    /// <summary>Numbers of a cluster in <see cref="Colours"/>.</summary>
    public const int Values = 4;

    /// <summary>Numbers of a cluster in <see cref="Sums"/>.</summary>
    public const int Moments = 7;

    public readonly Span<ushort> Colours = colours;
    public readonly Span<int> Xs = xs;
    public readonly Span<int> Ys = ys;
    public readonly Span<long> Sums = sums;

    public int Count => Xs.Length;

    /// <summary>Takes the colours of the pixels where the centres are, and clears the sums.</summary>
    public void Begin(ReadOnlySpan<byte> tiles, Tiling tiling)
    {
        for (var k = 0; k < Count; k++)
        {
            var at = tiling.At(Ys[k], Xs[k]);
            for (var band = 0; band < Values; band++)
            {
                Colours[(Values * k) + band] = band < tiling.Bands ? tiles[at + (band * Tiling.Width)] : (ushort)0;
            }
        }

        Sums.Clear();
    }

    /// <summary>Moves every cluster to the mean of its members, rounded; one without members stays. Clears the sums.</summary>
    public void Move()
    {
        for (var k = 0; k < Count; k++)
        {
            var sums = Sums.Slice(k * Moments, Moments);
            if (sums[0] > 0)
            {
                for (var band = 0; band < Values; band++)
                {
                    Colours[(Values * k) + band] = (ushort)Mean(sums[1 + band], sums[0]);
                }

                (Xs[k], Ys[k]) = ((int)Mean(sums[5], sums[0]), (int)Mean(sums[6], sums[0]));
            }
        }

        Sums.Clear();
    }

    private static long Mean(long sum, long count) => ((2 * sum) + count) / (2 * count);
}
