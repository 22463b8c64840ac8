using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Evaluation;

/// <summary>How many pixels of each class fell into each cluster, over any number of images. Adding is commutative.</summary>
/// <remarks>It grows with the ids it meets, so the number of clusters or classes need not be known beforehand.</remarks>
public sealed class ConfusionMatrix
{
    private long[,] _counts;

    /// <param name="clusters">Clusters known to exist, seen or not.</param>
    /// <param name="classes">Classes known to exist, seen or not.</param>
    public ConfusionMatrix(int clusters, int classes) => _counts = new long[clusters, classes];

    /// <summary>Rows.</summary>
    public int Clusters => _counts.GetLength(0);

    /// <summary>Columns.</summary>
    public int Classes => _counts.GetLength(1);

    /// <summary>Pixels counted: all but those of unknown truth.</summary>
    public long Counted { get; private set; }

    /// <summary>Pixels of unknown truth, <see cref="Images.LabelMap.Ignore"/>, which are in no cell.</summary>
    public long Ignored { get; private set; }

    /// <summary>Pixels of a class that fell into a cluster.</summary>
    public long this[int cluster, int label] => _counts[cluster, label];

    /// <summary>Counts one image, or any part of one.</summary>
    /// <param name="clusters">Cluster of each pixel.</param>
    /// <param name="truth">Class of the same pixels; <see cref="Images.LabelMap.Ignore"/> leaves a pixel out.</param>
    public void Add(ReadOnlySpan<ushort> clusters, ReadOnlySpan<ushort> truth)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(truth.Length, clusters.Length);
        Grow(clusters, truth);
        var ignored = 0L;
        for (var i = 0; i < clusters.Length; i++)
        {
            if (truth[i] == Images.LabelMap.Ignore)
            {
                ignored++;
            }
            else
            {
                _counts[clusters[i], truth[i]]++;
            }
        }

        Ignored += ignored;
        Counted += clusters.Length - ignored;
    }

    /// <summary>Adds the counts of one image.</summary>
    internal void Add(ImageCounts image)
    {
        foreach (var (cluster, label, pixels) in image.Cells)
        {
            Grow(cluster + 1, label + 1);
            _counts[cluster, label] += pixels;
            Counted += pixels;
        }

        Ignored += image.Ignored;
    }

    /// <summary>Adds the counts of another set of images.</summary>
    public void Merge(ConfusionMatrix other)
    {
        Grow(other.Clusters, other.Classes);
        for (var c = 0; c < other.Clusters; c++)
        {
            for (var k = 0; k < other.Classes; k++)
            {
                _counts[c, k] += other[c, k];
            }
        }

        Ignored += other.Ignored;
        Counted += other.Counted;
    }

    /// <summary>Makes room for clusters that are known to exist.</summary>
    public void Grow(int clusters, int classes)
    {
        if (clusters > Clusters || classes > Classes)
        {
            var grown = new long[Math.Max(clusters, Clusters), Math.Max(classes, Classes)];
            for (var c = 0; c < Clusters; c++)
            {
                for (var k = 0; k < Classes; k++)
                {
                    grown[c, k] = _counts[c, k];
                }
            }

            _counts = grown;
        }
    }

    internal void Carry(StateArchive state)
    {
        (Counted, Ignored) = (state.Value("counted", Counted), state.Value("ignored", Ignored));
        var (clusters, classes) = (state.Value("clusters", Clusters), state.Value("classes", Classes));
        var cells = state.Numbers<long>("cells", [.. _counts.Cast<long>()]);
        _counts = new long[clusters, classes];
        Buffer.BlockCopy(cells, 0, _counts, 0, Buffer.ByteLength(cells));
    }

    /// <summary>A copy of the counts, <c>[Clusters, Classes]</c>.</summary>
    public long[,] ToArray() => (long[,])_counts.Clone();

    private void Grow(ReadOnlySpan<ushort> clusters, ReadOnlySpan<ushort> truth)
    {
        var (cluster, label) = (-1, -1);
        for (var i = 0; i < truth.Length; i++)
        {
            if (truth[i] != Images.LabelMap.Ignore)
            {
                cluster = Math.Max(cluster, clusters[i]);
                label = Math.Max(label, truth[i]);
            }
        }

        Grow(cluster + 1, label + 1);
    }
}
