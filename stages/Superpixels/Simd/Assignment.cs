namespace InMARS.Stages.Superpixels.Simd;

/// <summary>One round of assignment over all tiles, for one kind of lanes.</summary>
/// <param name="tiles">The image, as <see cref="Tiling"/> describes.</param>
/// <param name="nearness">As <see cref="Nearness"/> fills it.</param>
/// <param name="candidates">Scratch for as many as there are clusters.</param>
internal readonly ref struct Assignment<TLanes, T>(Tiling tiling, ReadOnlySpan<byte> tiles, ReadOnlySpan<ushort> nearness, Span<Candidate> candidates)
    where TLanes : struct, ILanes<T>
    where T : struct
{
    private readonly ReadOnlySpan<byte> _tiles = tiles;
    private readonly ReadOnlySpan<ushort> _nearness = nearness;
    private readonly Span<Candidate> _candidates = candidates;

    /// <summary>Assigns, and then moves the clusters, or writes the labels where there is room for them.</summary>
    /// <param name="rows">The rows of every tile that are looked at to move the clusters: the first, and every Step-th from there.</param>
    public void Run(Clusters clusters, Windows windows, ReadOnlySpan<int> lists, Span<int> labels, (int First, int Step) rows)
    {
        if (labels.IsEmpty)
        {
            Gather(clusters, windows, lists, rows);
            clusters.Move();
        }
        else
        {
            Label(clusters, windows, lists, labels);
        }
    }

    private void Gather(Clusters clusters, Windows windows, ReadOnlySpan<int> lists, (int First, int Step) rows)
    {
        Span<ushort> nearest = stackalloc ushort[Tiling.Area];
        for (var index = 0; index < tiling.Count; index++)
        {
            var list = windows.Of(index, lists);
            var tile = Open(index, clusters, list, nearest) with { First = rows.First, Step = rows.Step };
            TileKernel<TLanes, T>.Assign(tile, _nearness, Outside(index));
            for (var i = 0; i < list.Length; i++)
            {
                var share = TileKernel<TLanes, T>.Add(tile, i);
                if (share.Pixels > 0)
                {
                    Add(share, clusters.Sums.Slice(list[i] * Clusters.Moments, Clusters.Moments), index, rows);
                }
            }
        }
    }

    private void Label(Clusters clusters, Windows windows, ReadOnlySpan<int> lists, Span<int> labels)
    {
        Span<ushort> nearest = stackalloc ushort[Tiling.Area];
        Span<ushort> scratch = stackalloc ushort[Tiling.Area];
        for (var index = 0; index < tiling.Count; index++)
        {
            var list = windows.Of(index, lists);
            var tile = Open(index, clusters, list, nearest);
            TileKernel<TLanes, T>.Assign(tile, _nearness, Outside(index));
            TileKernel<TLanes, T>.Smooth(tile, scratch);
            var (y, x) = (index / tiling.Columns * Tiling.Depth, index % tiling.Columns * Tiling.Width);
            var across = Math.Min(Tiling.Width, tiling.ImageWidth - x);
            for (var row = 0; row < tile.End; row++)
            {
                var line = labels.Slice(((y + row) * tiling.ImageWidth) + x, across);
                for (var i = 0; i < line.Length; i++)
                {
                    line[i] = list[nearest[(row * Tiling.Width) + i]];
                }
            }
        }
    }

    private Tile Open(int index, Clusters clusters, ReadOnlySpan<int> list, Span<ushort> nearest)
    {
        var middle = _nearness.Length / 2;
        var (y, x) = (index / tiling.Columns * Tiling.Depth, index % tiling.Columns * Tiling.Width);
        for (var i = 0; i < list.Length; i++)
        {
            var colour = clusters.Colours.Slice(list[i] * Clusters.Values, Clusters.Values);
            _candidates[i] = new Candidate(colour[0], colour[1], colour[2], colour[3], middle + x - clusters.Xs[list[i]], middle + y - clusters.Ys[list[i]]);
        }

        return new Tile(_tiles.Slice(index * tiling.Bytes, tiling.Bytes), _candidates[..list.Length], nearest)
        {
            First = 0,
            Step = 1,
            End = Math.Min(Tiling.Depth, tiling.ImageHeight - y),
            RowBytes = Tiling.Width * tiling.Bands,
        };
    }

    private ReadOnlySpan<ushort> Outside(int index)
    {
        var inside = tiling.ImageWidth - (index % tiling.Columns * Tiling.Width);
        return Borders.Slice(Math.Max(0, Tiling.Width - inside), Tiling.Width);
    }

    /// <summary>16 of these, from n on, mark the last n pixels of a row as outside.</summary>
    private static ReadOnlySpan<ushort> Borders =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Tile.Outside, Tile.Outside, Tile.Outside, Tile.Outside, Tile.Outside,
        Tile.Outside, Tile.Outside, Tile.Outside, Tile.Outside, Tile.Outside, Tile.Outside, Tile.Outside, Tile.Outside, Tile.Outside, Tile.Outside,
    ];

    private void Add(Share share, Span<long> sums, int index, (int First, int Step) rows)
    {
        var (y, x) = (index / tiling.Columns * Tiling.Depth, index % tiling.Columns * Tiling.Width);
        sums[0] += share.Pixels;
        sums[1] += share.L;
        sums[2] += share.A;
        sums[3] += share.B;
        sums[4] += share.Infrared;
        sums[5] += ((long)x * share.Pixels) + share.Columns;
        sums[6] += ((long)(y + rows.First) * share.Pixels) + (rows.Step * share.RowIndices);
    }
}
