using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Images;

/// <summary>
/// A separable change of geometry: where each row and each column of the new picture comes from. One map moves pixels
/// and truth alike, so that they cannot drift apart.
/// </summary>
/// <param name="Rows">Row of the old picture for each new one; <see cref="Outside"/> where there is none.</param>
/// <param name="Columns">As <paramref name="Rows"/>.</param>
internal sealed record PixelMap(int[] Rows, int[] Columns)
{
    public const int Outside = -1;

    /// <summary>Moves pixels and truth. What lies outside becomes 0 in the pixels and <see cref="LabelMap.Ignore"/> in the truth.</summary>
    public RgbImage Move(RgbImage image, ItemContext item = default) => new(
        image.Origin,
        Rows.Length,
        Columns.Length,
        image.Bands,
        Take(image.Pixels, image.Width, image.Bands, (byte)0, item),
        image.Truth is { } truth ? Move(truth, item) : null);

    /// <summary>Moves a label map alone.</summary>
    public LabelMap Move(LabelMap truth, ItemContext item = default) =>
        new(Rows.Length, Columns.Length, Take(truth.Ids, truth.Width, 1, LabelMap.Ignore, item));

    /// <summary>Nearest neighbour at pixel centres: the old pixel in which the centre of the new one lies.</summary>
    public static PixelMap Nearest(RgbImage image, int height, int width, ItemContext item = default) =>
        new(Nearest(image.Height, height, item), Nearest(image.Width, width, item));

    /// <inheritdoc cref="Nearest(RgbImage, int, int, ItemContext)"/>
    public static PixelMap Nearest(LabelMap map, int height, int width, ItemContext item = default) =>
        new(Nearest(map.Height, height, item), Nearest(map.Width, width, item));

    /// <summary>Where each of <paramref name="length"/> rows or columns comes from.</summary>
    public static int[] Places(int length, Func<int, int> place, ItemContext item)
    {
        var places = item.Rent<int>(length);
        for (var i = 0; i < length; i++)
        {
            places[i] = place(i);
        }

        return places;
    }

    private static int[] Nearest(int length, int newLength, ItemContext item) =>
        Places(newLength, i => (int)(((2L * i) + 1) * length / (2L * newLength)), item);

    private T[] Take<T>(T[] plane, int width, int bands, T outside, ItemContext item)
        where T : unmanaged
    {
        var taken = item.Rent<T>(checked(Rows.Length * Columns.Length * bands));
        for (var y = 0; y < Rows.Length; y++)
        {
            var to = taken.AsSpan(y * Columns.Length * bands, Columns.Length * bands);
            if (Rows[y] == Outside)
            {
                to.Fill(outside);
            }
            else
            {
                TakeRow(plane.AsSpan(Rows[y] * width * bands, width * bands), to, bands, outside);
            }
        }

        return taken;
    }

    private void TakeRow<T>(ReadOnlySpan<T> from, Span<T> to, int bands, T outside)
    {
        for (int x = 0, run; x < Columns.Length; x += run)
        {
            run = RunAt(x);
            var target = to.Slice(x * bands, run * bands);
            if (Columns[x] == Outside)
            {
                target.Fill(outside);
            }
            else
            {
                from.Slice(Columns[x] * bands, run * bands).CopyTo(target);
            }
        }
    }

    /// <summary>Columns from <paramref name="x"/> on that stood side by side before: a crop is one run, a flip has none.</summary>
    private int RunAt(int x)
    {
        var run = 1;
        while (Columns[x] != Outside && x + run < Columns.Length && Columns[x + run] == Columns[x] + run)
        {
            run++;
        }

        return run;
    }
}
