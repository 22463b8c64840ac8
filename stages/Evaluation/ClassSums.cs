namespace InMARS.Stages.Evaluation;

/// <summary>Pixels of each class once clusters stand for classes: those hit, those of the truth, those predicted.</summary>
internal sealed class ClassSums(int classes)
{
    private readonly long[] _sums = new long[3 * classes];

    /// <summary>One sum; <see cref="Places"/> says which is which.</summary>
    public long this[int place]
    {
        get => _sums[place];
        set => _sums[place] = value;
    }

    /// <summary>Hits over all pixels; NaN without any.</summary>
    public double Accuracy => Share(_sums.AsSpan(0, classes), _sums.AsSpan(classes, classes));

    /// <summary>Mean over the classes that occur in truth or prediction; NaN without any.</summary>
    public double MeanIou => Mean(classes, Iou);

    /// <summary>Mean over the classes that occur in the truth; NaN without any.</summary>
    public double MeanClassAccuracy => Mean(classes, ClassAccuracy);

    /// <summary>The sums that a pixel of class <paramref name="label"/> adds to where its cluster stands for <paramref name="predicted"/>.</summary>
    public static IEnumerable<int> Places(int label, int? predicted, int classes) => predicted switch
    {
        null => [classes + label],
        { } hit when hit == label => [label, classes + label, (2 * classes) + label],
        { } other => [classes + label, (2 * classes) + other],
    };

    public static ClassSums Of(ConfusionMatrix counts, IReadOnlyList<int?> classOf)
    {
        var sums = new ClassSums(counts.Classes);
        for (var c = 0; c < counts.Clusters; c++)
        {
            for (var k = 0; k < counts.Classes; k++)
            {
                foreach (var place in counts[c, k] == 0 ? [] : Places(k, classOf[c], counts.Classes))
                {
                    sums[place] += counts[c, k];
                }
            }
        }

        return sums;
    }

    public void Clear() => Array.Clear(_sums);

    /// <summary>TP / (TP + FP + FN) of a class; NaN where it occurs in neither truth nor prediction.</summary>
    public double Iou(int label) => Share(_sums[label], _sums[classes + label] + _sums[(2 * classes) + label] - _sums[label]);

    /// <summary>TP / (TP + FN) of a class; NaN where it does not occur in the truth.</summary>
    public double ClassAccuracy(int label) => Share(_sums[label], _sums[classes + label]);

    private static double Mean(int classes, Func<int, double> figure)
    {
        var (sum, count) = (0.0, 0);
        for (var k = 0; k < classes; k++)
        {
            var value = figure(k);
            (sum, count) = double.IsFinite(value) ? (sum + value, count + 1) : (sum, count);
        }

        return count == 0 ? double.NaN : sum / count;
    }

    private static double Share(ReadOnlySpan<long> parts, ReadOnlySpan<long> wholes)
    {
        var (part, whole) = (0L, 0L);
        for (var k = 0; k < parts.Length; k++)
        {
            (part, whole) = (part + parts[k], whole + wholes[k]);
        }

        return Share(part, whole);
    }

    private static double Share(long part, long whole) => whole == 0 ? double.NaN : (double)part / whole;
}
