using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;

namespace InMARS.Stages.Superpixels.Simd;

/// <summary>Which instructions cut. All give the same labels.</summary>
internal enum LanesKind
{
    /// <summary>256-bit registers.</summary>
    Wide,

    /// <summary>128-bit registers of any processor.</summary>
    Portable,

    /// <summary>Plain numbers.</summary>
    Scalar,
}

/// <summary>SLIC in whole numbers on vectors of 16 bits.</summary>
/// <remarks>
/// Achanta et al., "SLIC superpixels compared to state-of-the-art superpixel methods", TPAMI 34(11), 2012, algorithm 1, with
/// the tiles of Ren, Prisacariu, Reid, "gSLICr", 2015, turned around: a tile holds its pixels while every cluster whose
/// window reaches it is tried. Where a flow lends labels and scratch, an image allocates nothing.
/// </remarks>
internal static class SimdSlic
{
    /// <summary>Part of every cache key; goes up when the labels of an image change.</summary>
    public const int Version = 1;

    /// <summary>The fastest kind that the processor has.</summary>
    public static LanesKind Best { get; } =
        Avx2.IsSupported ? LanesKind.Wide : Vector128.IsHardwareAccelerated ? LanesKind.Portable : LanesKind.Scalar;

    /// <summary>Cuts an image into connected superpixels.</summary>
    /// <param name="image">A fourth band counts where the options say so.</param>
    /// <param name="item">What labels and scratch come from.</param>
    /// <returns>Labels, <c>[height, width]</c>, numbered by first occurrence, and how many there are.</returns>
    public static (int[] Labels, int Count) Cut(RgbImage image, SlicOptions options, LanesKind kind, ItemContext item = default)
    {
        var tiling = new Tiling(image.Height, image.Width, image.Bands == 4 && options.Infrared ? 4 : 3);
        using var tiles = item.Scratch<byte>(tiling.Count * tiling.Bytes);
        LabTable.Convert(image.Pixels, image.Bands, tiling, tiles.Span);
        var seeds = Seeds.For(image.Height, image.Width, options);
        using var colours = item.Scratch<ushort>(seeds.Count * Clusters.Values);
        using var places = item.Scratch<int>(seeds.Count * 2);
        using var sums = item.Scratch<long>(seeds.Count * Clusters.Moments);
        var clusters = new Clusters(colours.Span, places.Span[..seeds.Count], places.Span[seeds.Count..], sums.Span);
        seeds.Place(clusters.Xs, clusters.Ys);
        clusters.Begin(tiles.Span, tiling);
        var labels = item.Rent<int>(image.Height * image.Width);
        var work = new Work(tiling, options, kind, item);
        Iterate(work, clusters, tiles.Span, labels);
        return (labels, Connect(work, clusters, labels));
    }

    private readonly record struct Work(Tiling Tiling, SlicOptions Options, LanesKind Kind, ItemContext Item);

    private static void Iterate(Work work, Clusters clusters, ReadOnlySpan<byte> tiles, Span<int> labels)
    {
        var (tiling, options, kind, item) = work;
        var size = options.RegionSizeFor(tiling.ImageHeight, tiling.ImageWidth);
        using var table = item.Scratch<ushort>(Nearness.Length(tiling));
        Nearness.Fill(table.Span, options.Ruler * LabTable.Scale, size);
        using var starts = item.Scratch<int>(tiling.Count + 1);
        using var candidates = item.Scratch<Candidate>(clusters.Count);
        var windows = new Windows(tiling, size, starts.Span);
        for (var left = options.Iterations - 1; left >= 0; left--)
        {
            using var lists = item.Scratch<int>(windows.Count(clusters));
            windows.Fill(clusters, lists.Span);
            var into = left == 0 ? labels : [];
            var step = StepFor(size);
            switch (kind)
            {
                case LanesKind.Wide:
                    new Assignment<WideLanes, Vector256<ushort>>(tiling, tiles, table.Span, candidates.Span).Run(clusters, windows, lists.Span, into, (left % step, step));
                    break;
                case LanesKind.Portable:
                    new Assignment<PortableLanes, Vector128<ushort>>(tiling, tiles, table.Span, candidates.Span).Run(clusters, windows, lists.Span, into, (left % step, step));
                    break;
                default:
                    new Assignment<ScalarLanes, ushort>(tiling, tiles, table.Span, candidates.Span).Run(clusters, windows, lists.Span, into, (left % step, step));
                    break;
            }
        }
    }

    /// <summary>Of how many rows one is looked at before the last round: where regions are large, few pixels tell where they lie.</summary>
    private static int StepFor(int regionSize) => regionSize >= 12 ? 4 : regionSize >= 6 ? 2 : 1;

    private static int Connect(Work work, Clusters clusters, Span<int> labels)
    {
        var (tiling, options, _, item) = work;
        var runs = Regions.CountIn(labels, tiling.ImageWidth);
        using var marks = item.Scratch<Run>(runs + 1);
        Regions.Mark(labels, tiling.ImageWidth, marks.Span);
        var regions = new Regions(tiling.ImageWidth, marks.Span);
        regions.Connect();
        var mean = labels.Length / clusters.Count;
        using var components = item.Scratch<int>(runs);
        using var queues = item.Scratch<int>(mean + 1);
        var merging = new Merging(regions, clusters, components.Span, queues.Span);
        merging.Join(clusters.Count, mean * options.Connectivity / 100);
        return merging.Number(labels);
    }
}
