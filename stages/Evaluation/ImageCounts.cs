using InMARS.Stages.Images;

namespace InMARS.Stages.Evaluation;

/// <summary>Pixels of one class in one cluster.</summary>
internal readonly record struct CellCount(int Cluster, int Label, int Pixels);

/// <summary>The confusion counts of one image: the cells that have pixels, in order of cluster and class.</summary>
/// <param name="Ignored">Pixels of unknown truth.</param>
internal sealed record ImageCounts(IReadOnlyList<CellCount> Cells, long Ignored);

/// <summary>Counts images one by one, with a table that is used again.</summary>
internal sealed class ImageCounter
{
    private readonly List<int> _touched = [];
    private int[] _pixels = [];

    /// <summary>Counts an image.</summary>
    /// <param name="clusters">Cluster of each pixel.</param>
    /// <param name="truth">Class of the same pixels; <see cref="LabelMap.Ignore"/> leaves a pixel out.</param>
    /// <param name="size">Clusters and classes; every id is below them.</param>
    public ImageCounts Count(ReadOnlySpan<ushort> clusters, ReadOnlySpan<ushort> truth, (int Clusters, int Classes) size)
    {
        var cells = size.Clusters * size.Classes;
        _pixels = _pixels.Length < cells ? new int[cells] : _pixels;
        var ignored = Fill(clusters, truth, size.Classes);
        _touched.Sort();
        var counted = _touched.Select(cell => new CellCount(cell / size.Classes, cell % size.Classes, _pixels[cell])).ToArray();
        _touched.ForEach(cell => _pixels[cell] = 0);
        _touched.Clear();
        return new ImageCounts(counted, ignored);
    }

    private long Fill(ReadOnlySpan<ushort> clusters, ReadOnlySpan<ushort> truth, int classes)
    {
        var ignored = 0L;
        for (var i = 0; i < clusters.Length; i++)
        {
            if (truth[i] == LabelMap.Ignore)
            {
                ignored++;
                continue;
            }

            var cell = (clusters[i] * classes) + truth[i];
            if (_pixels[cell]++ == 0)
            {
                _touched.Add(cell);
            }
        }

        return ignored;
    }
}
