namespace InMARS.Stages.Superpixels.Simd;

/// <summary>Which clusters are near which tile: lists of clusters, in rising order, one list behind the other.</summary>
/// <param name="starts">Where the list of each tile begins; one more for the end. <c>[tiles + 1]</c>.</param>
internal readonly ref struct Windows(Tiling tiling, int reach, Span<int> starts)
{
    private readonly Span<int> _starts = starts;

    /// <summary>Counts the clusters of every tile.</summary>
    /// <returns>Length of all lists together.</returns>
    public int Count(Clusters clusters)
    {
        _starts.Clear();
        for (var k = 0; k < clusters.Count; k++)
        {
            var (top, bottom, left, right) = Around(clusters.Xs[k], clusters.Ys[k]);
            for (var row = top; row <= bottom; row++)
            {
                foreach (ref var count in _starts.Slice((row * tiling.Columns) + left, right - left + 1))
                {
                    count++;
                }
            }
        }

        return Accumulate();
    }

    /// <summary>Writes the lists. A tile that no window reaches gets the cluster whose centre is nearest.</summary>
    /// <param name="lists">As long as <see cref="Count"/> told.</param>
    public void Fill(Clusters clusters, Span<int> lists)
    {
        lists.Fill(-1);
        for (var k = clusters.Count - 1; k >= 0; k--)
        {
            var (top, bottom, left, right) = Around(clusters.Xs[k], clusters.Ys[k]);
            for (var row = top; row <= bottom; row++)
            {
                foreach (ref var end in _starts.Slice((row * tiling.Columns) + left, right - left + 1))
                {
                    lists[--end] = k;
                }
            }
        }

        for (var tile = 0; tile < tiling.Count; tile++)
        {
            if (_starts[tile] > 0 && lists[_starts[tile] - 1] == -1)
            {
                lists[--_starts[tile]] = Nearest(clusters, tile);
            }
        }
    }

    /// <summary>The clusters near a tile, once filled.</summary>
    public ReadOnlySpan<int> Of(int tile, ReadOnlySpan<int> lists) => lists[_starts[tile].._starts[tile + 1]];

    /// <summary>Turns counts into ends of lists, from which <see cref="Fill"/> works downwards to their beginnings.</summary>
    private int Accumulate()
    {
        var total = 0;
        for (var tile = 0; tile < tiling.Count; tile++)
        {
            _starts[tile] = total += Math.Max(1, _starts[tile]);
        }

        return _starts[tiling.Count] = total;
    }

    private (int Top, int Bottom, int Left, int Right) Around(int x, int y) => (
        Math.Max(0, y - reach) / Tiling.Depth,
        Math.Min(tiling.ImageHeight - 1, y + reach) / Tiling.Depth,
        Math.Max(0, x - reach) / Tiling.Width,
        Math.Min(tiling.ImageWidth - 1, x + reach) / Tiling.Width);

    private int Nearest(Clusters clusters, int tile)
    {
        var (x, y) = ((tile % tiling.Columns * Tiling.Width) + (Tiling.Width / 2), (tile / tiling.Columns * Tiling.Depth) + (Tiling.Depth / 2));
        var (nearest, least) = (0, long.MaxValue);
        for (var k = 0; k < clusters.Count; k++)
        {
            var (dx, dy) = ((long)clusters.Xs[k] - x, (long)clusters.Ys[k] - y);
            if ((dx * dx) + (dy * dy) is var distance && distance < least)
            {
                (nearest, least) = (k, distance);
            }
        }

        return nearest;
    }
}
