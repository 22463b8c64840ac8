namespace InMARS.Stages.Superpixels.Simd;

/// <summary>Where clusters start: rows of evenly spaced points, so many in each that they are exactly as many as wanted.</summary>
/// <param name="Count">Clusters.</param>
/// <param name="Rows">Rows of them.</param>
internal readonly record struct Seeds(int Height, int Width, int Count, int Rows)
{
    /// <summary>Seeds for an image: <c>count</c> of the options, or as many as regions of the asked size fit.</summary>
    public static Seeds For(int height, int width, SlicOptions options)
    {
        if (options.Count is { } wanted)
        {
            var count = Math.Min(wanted, height * width);
            var rows = (int)Math.Round(Math.Sqrt((double)count * height / width));
            return new Seeds(height, width, count, Math.Clamp(rows, Math.Max(1, (count + width - 1) / width), Math.Min(count, height)));
        }

        var size = options.RegionSizeFor(height, width);
        var down = Math.Max(1, (int)Math.Round((double)height / size));
        return new Seeds(height, width, down * Math.Max(1, (int)Math.Round((double)width / size)), down);
    }

    /// <summary>Writes the places of all seeds, row by row.</summary>
    public void Place(Span<int> xs, Span<int> ys)
    {
        for (var (row, i) = (0, 0); row < Rows; row++)
        {
            var across = (int)(((long)(row + 1) * Count / Rows) - ((long)row * Count / Rows));
            for (var column = 0; column < across; column++, i++)
            {
                xs[i] = (int)(((2L * column) + 1) * Width / (2 * across));
                ys[i] = (int)(((2L * row) + 1) * Height / (2 * Rows));
            }
        }
    }
}
