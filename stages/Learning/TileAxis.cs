namespace InMARS.Stages.Learning;

/// <summary>One tile along one axis.</summary>
/// <param name="Start">First pixel.</param>
/// <param name="Weights">Weight of each of its pixels; the weights of all tiles sum to 1 at each pixel of the axis.</param>
internal sealed record Tile(int Start, float[] Weights)
{
    public int Length => Weights.Length;
}

/// <summary>Cuts an axis into overlapping tiles.</summary>
internal static class TileAxis
{
    /// <param name="length">Pixels of the axis.</param>
    /// <param name="tile">Pixels of a tile; a multiple of <paramref name="step"/>.</param>
    /// <param name="overlap">Pixels that neighbours share, at least; together with <paramref name="step"/> less than <paramref name="tile"/>.</param>
    /// <param name="margin">Pixels at a tile's inner edges that do not count, where the overlap leaves room for that.</param>
    /// <param name="step">Tiles start at multiples of this, so that all pool the same cells.</param>
    public static IReadOnlyList<Tile> Cut(int length, int tile, int overlap, int margin, int step)
    {
        if (length <= tile)
        {
            return [new Tile(0, [.. Enumerable.Repeat(1f, length)])];
        }

        // Rounding a start to a step may take up to one step from an overlap.
        var shared = overlap + step;
        var count = (int)Math.Ceiling((length - shared) / (double)(tile - shared));
        var last = (length - tile + step - 1) / step * step;
        var starts = Enumerable.Range(0, count).Select(i => (int)((long)last * i / (count - 1)) / step * step).Distinct();
        var tiles = starts.Select(start => new Tile(start, Window(start, Math.Min(tile, length - start), length, overlap, margin))).ToList();
        Normalise(tiles, length);
        return tiles;
    }

    /// <summary>A flat top with raised-cosine flanks inside the image and none at its border.</summary>
    private static float[] Window(int start, int length, int axis, int overlap, int margin)
    {
        var blind = Math.Min(margin, Math.Max(0, (overlap / 2) - 1));
        var ramp = Math.Max(1, overlap - (2 * blind));
        return [.. Enumerable.Range(0, length).Select(i => Flank(start == 0, i) * Flank(start + length == axis, length - 1 - i))];

        float Flank(bool border, int distance) =>
            border ? 1 : (float)(0.5 * (1 - Math.Cos(Math.PI * Math.Clamp((distance - blind + 0.5) / ramp, 0, 1))));
    }

    private static void Normalise(List<Tile> tiles, int length)
    {
        var sums = new float[length];
        foreach (var tile in tiles)
        {
            for (var i = 0; i < tile.Length; i++)
            {
                sums[tile.Start + i] += tile.Weights[i];
            }
        }

        foreach (var tile in tiles)
        {
            for (var i = 0; i < tile.Length; i++)
            {
                tile.Weights[i] /= sums[tile.Start + i];
            }
        }
    }
}
