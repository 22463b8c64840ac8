namespace InMARS.Stages.Superpixels.Quality;

/// <summary>Boundaries of partitions: pixels of which one of the four neighbours has another label.</summary>
internal static class Boundaries
{
    /// <summary>Pixels that a boundary may be off in an image of this size, along either axis.</summary>
    public static int Radius(int height, int width) => (int)Math.Round(SuperpixelQuality.Tolerance * Math.Sqrt(((double)height * height) + ((double)width * width)));

    /// <summary>Share of the boundary pixels of the truth that have a boundary pixel of the superpixels within the tolerance.</summary>
    public static double Recall(int[] labels, ushort[] truth, int width)
    {
        var height = labels.Length / width;
        var radius = Radius(height, width);
        var found = Mark(labels, width);
        var (hits, all) = (0, 0);
        for (var i = 0; i < truth.Length; i++)
        {
            if (truth[i] != ushort.MaxValue && IsBoundary(truth, width, i))
            {
                all++;
                hits += AnyNear(found, width, i, radius) ? 1 : 0;
            }
        }

        return all == 0 ? 1 : (double)hits / all;
    }

    /// <summary>The isoperimetric quotient 4 pi area / perimeter² of all superpixels, weighed by area.</summary>
    public static double Compactness(int[] labels, int count, int width)
    {
        var (areas, perimeters) = (new long[count], new long[count]);
        for (var i = 0; i < labels.Length; i++)
        {
            var (x, here) = (i % width, labels[i]);
            areas[here]++;
            perimeters[here] += (x == 0 || labels[i - 1] != here ? 1 : 0) + (x == width - 1 || labels[i + 1] != here ? 1 : 0)
                + (i < width || labels[i - width] != here ? 1 : 0) + (i + width >= labels.Length || labels[i + width] != here ? 1 : 0);
        }

        return Enumerable.Range(0, count).Sum(k => areas[k] * Math.Min(1, 4 * Math.PI * areas[k] / ((double)perimeters[k] * perimeters[k]))) / labels.Length;
    }

    private static bool[] Mark<T>(T[] labels, int width)
        where T : IEquatable<T> => [.. Enumerable.Range(0, labels.Length).Select(i => IsBoundary(labels, width, i))];

    private static bool IsBoundary<T>(T[] labels, int width, int i)
        where T : IEquatable<T>
    {
        var (x, here) = (i % width, labels[i]);
        return (x > 0 && !labels[i - 1].Equals(here)) || (x < width - 1 && !labels[i + 1].Equals(here))
            || (i >= width && !labels[i - width].Equals(here)) || (i + width < labels.Length && !labels[i + width].Equals(here));
    }

    private static bool AnyNear(bool[] found, int width, int i, int radius)
    {
        var (x, y, height) = (i % width, i / width, found.Length / width);
        for (var row = Math.Max(0, y - radius); row <= Math.Min(height - 1, y + radius); row++)
        {
            var (left, right) = (Math.Max(0, x - radius), Math.Min(width - 1, x + radius));
            if (found.AsSpan((row * width) + left, right - left + 1).Contains(true))
            {
                return true;
            }
        }

        return false;
    }
}
