using InMARS.Stages.Shards;

namespace InMARS.Stages.Evaluation;

/// <summary>A range that holds a figure, from the 2.5th to the 97.5th percentile.</summary>
public sealed record Interval(double Low, double High);

/// <summary>How far accuracy and mIoU would move with other images of the same kind.</summary>
/// <param name="Accuracy">95 % interval.</param>
/// <param name="MeanIou">95 % interval.</param>
internal sealed record ScoreIntervals(Interval Accuracy, Interval MeanIou);

/// <summary>Percentile bootstrap over images, with the assignment held fixed.</summary>
/// <remarks>
/// Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapter 13. Images are drawn, not pixels: the pixels of
/// an image are far from independent. The draws depend on the number of images only, so equal counts give equal intervals.
/// </remarks>
internal static class Bootstrap
{
    public const int FewestImages = 2;
    private const long Seed = 95;

    /// <summary>Intervals of one mapping.</summary>
    /// <param name="images">Counts of <see cref="FewestImages"/> images or more.</param>
    /// <param name="classOf">Class of each cluster; null for none.</param>
    /// <param name="draws">Sets of images that are drawn, 1 or more.</param>
    /// <returns>Null where no draw has a pixel that counts.</returns>
    public static ScoreIntervals? Of(PackedCounts images, IReadOnlyList<int?> classOf, int classes, int draws)
    {
        var sums = Enumerable.Range(0, images.Groups).Select(i => SumsOf(images.Read(i), classOf, classes)).ToArray();
        var random = SplitMix64.Of(Seed, "bootstrap", 0);
        var (accuracy, iou, total) = (new List<double>(draws), new List<double>(draws), new ClassSums(classes));
        for (var draw = 0; draw < draws; draw++)
        {
            Draw(sums, random, total);
            accuracy.Add(total.Accuracy);
            iou.Add(total.MeanIou);
        }

        return Percentiles(accuracy) is { } a && Percentiles(iou) is { } m ? new ScoreIntervals(a, m) : null;
    }

    /// <summary>The middle 95 % of some values; values that are no numbers are left out.</summary>
    internal static Interval? Percentiles(IEnumerable<double> values)
    {
        var sorted = values.Where(double.IsFinite).Order().ToArray();
        return sorted.Length == 0 ? null : new Interval(At(sorted, 0.025), At(sorted, 0.975));
    }

    private static double At(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }

    private static void Draw((int Place, int Pixels)[][] images, SplitMix64 random, ClassSums total)
    {
        total.Clear();
        for (var n = 0; n < images.Length; n++)
        {
            foreach (var (place, pixels) in images[random.Below(images.Length)])
            {
                total[place] += pixels;
            }
        }
    }

    /// <summary>An image's hits, pixels and predicted pixels of each class, those that are not 0.</summary>
    private static (int Place, int Pixels)[] SumsOf(IEnumerable<CellCount> cells, IReadOnlyList<int?> classOf, int classes)
    {
        var sums = new SortedDictionary<int, int>();
        foreach (var (cluster, label, pixels) in cells)
        {
            foreach (var place in ClassSums.Places(label, classOf[cluster], classes))
            {
                sums[place] = sums.GetValueOrDefault(place) + pixels;
            }
        }

        return [.. sums.Select(s => (s.Key, s.Value))];
    }
}
