using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
/// window reaches it is tried. Scratch comes from the shared pool; an image allocates the returned labels and nothing else.
/// </remarks>
internal static class SimdSlic
{
    /// <summary>Part of every cache key; goes up when the labels of an image change.</summary>
    public const int Version = 1;

    /// <summary>The fastest kind that the processor has.</summary>
    public static LanesKind Best { get; } =
        Avx2.IsSupported ? LanesKind.Wide : Vector128.IsHardwareAccelerated ? LanesKind.Portable : LanesKind.Scalar;

    /// <summary>Cuts an image into connected superpixels.</summary>
    /// <param name="pixels">Red, green, blue and, of 4 bands, infrared, 8 bits each, <c>[height, width, bands]</c>.</param>
    /// <returns>Labels, <c>[height, width]</c>, numbered by first occurrence, and how many there are.</returns>
    public static (int[] Labels, int Count) Cut(ReadOnlySpan<byte> pixels, (int Height, int Width, int Bands) shape, SlicOptions options, LanesKind kind)
    {
        var labels = GC.AllocateUninitializedArray<int>(shape.Height * shape.Width);
        return (labels, Cut(pixels, shape, options, kind, labels));
    }

    /// <summary>As above.</summary>
    /// <param name="labels">Receives the labels.</param>
    /// <returns>How many there are.</returns>
    public static int Cut(ReadOnlySpan<byte> pixels, (int Height, int Width, int Bands) shape, SlicOptions options, LanesKind kind, Span<int> labels)
    {
        var tiling = new Tiling(shape.Height, shape.Width, shape.Bands == 4 && options.Infrared ? 4 : 3);
        using var tiles = new Rented<byte>(tiling.Count * tiling.Bytes);
        LabTable.Convert(pixels, shape.Bands, tiling, tiles.Span);
        var seeds = Seeds.For(shape.Height, shape.Width, options);
        using var colours = new Rented<ushort>(seeds.Count * Clusters.Values);
        using var places = new Rented<int>(seeds.Count * 2);
        using var sums = new Rented<long>(seeds.Count * Clusters.Moments);
        var clusters = new Clusters(colours.Span, places.Span[..seeds.Count], places.Span[seeds.Count..], sums.Span);
        seeds.Place(clusters.Xs, clusters.Ys);
        clusters.Begin(tiles.Span, tiling);
        Iterate(clusters, tiling, tiles.Span, options, kind, labels);
        return Connect(labels, clusters, tiling, options);
    }

    private static void Iterate(Clusters clusters, Tiling tiling, ReadOnlySpan<byte> tiles, SlicOptions options, LanesKind kind, Span<int> labels)
    {
        var size = options.RegionSizeFor(tiling.ImageHeight, tiling.ImageWidth);
        using var table = new Rented<ushort>(Nearness.Length(tiling));
        Nearness.Fill(table.Span, options.Ruler * LabTable.Scale, size);
        using var starts = new Rented<int>(tiling.Count + 1);
        var windows = new Windows(tiling, size, starts.Span);
        for (var left = options.Iterations - 1; left >= 0; left--)
        {
            using var lists = new Rented<int>(windows.Count(clusters));
            windows.Fill(clusters, lists.Span);
            var into = left == 0 ? labels : [];
            var step = StepFor(size);
            switch (kind)
            {
                case LanesKind.Wide:
                    new Assignment<WideLanes, Vector256<ushort>>(tiling, tiles, table.Span).Run(clusters, windows, lists.Span, into, (left % step, step));
                    break;
                case LanesKind.Portable:
                    new Assignment<PortableLanes, Vector128<ushort>>(tiling, tiles, table.Span).Run(clusters, windows, lists.Span, into, (left % step, step));
                    break;
                default:
                    new Assignment<ScalarLanes, ushort>(tiling, tiles, table.Span).Run(clusters, windows, lists.Span, into, (left % step, step));
                    break;
            }
        }
    }

    /// <summary>Of how many rows one is looked at before the last round: where regions are large, few pixels tell where they lie.</summary>
    private static int StepFor(int regionSize) => regionSize >= 12 ? 4 : regionSize >= 6 ? 2 : 1;

    private static int Connect(Span<int> labels, Clusters clusters, Tiling tiling, SlicOptions options)
    {
        using var marks = new Rented<Run>(labels.Length + 1);
        var runs = Regions.Mark(labels, tiling.ImageWidth, marks.Span);
        var regions = new Regions(tiling.ImageWidth, marks.Span[..(runs + 1)]);
        regions.Connect();
        var mean = labels.Length / clusters.Count;
        using var components = new Rented<int>(runs);
        using var queues = new Rented<int>(mean + 1);
        var merging = new Merging(regions, clusters, components.Span, queues.Span);
        merging.Join(clusters.Count, mean * options.Connectivity / 100);
        return merging.Number(labels);
    }
}
