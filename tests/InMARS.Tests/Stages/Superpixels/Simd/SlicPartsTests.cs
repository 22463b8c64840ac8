using CsCheck;
using InMARS.Stages.Images;
using InMARS.Stages.Superpixels;
using InMARS.Stages.Superpixels.Simd;
using InMARS.Tests.Stages.Images;
using OpenCvSharp;

namespace InMARS.Tests.Stages.Superpixels.Simd;

public class SlicPartsTests
{
    [Fact]
    public void Lab_is_within_one_unit_of_the_standard()
    {
        var image = SimdSlicTests.Noise(64, 64, seed: 3, bands: 3);
        using var exact = new Mat();
        using var view = OpenCv.View(image);
        view.ConvertTo(exact, MatType.CV_32FC3, 1 / 255.0);
        Cv2.CvtColor(exact, exact, ColorConversionCodes.RGB2Lab);
        exact.GetArray(out Vec3f[] wanted);
        var tiling = new Tiling(64, 64, 3);
        var tiles = new byte[tiling.Count * tiling.Bytes];

        LabTable.Convert(image.Pixels, 3, tiling, tiles);

        Assert.All(wanted.Index(), pixel =>
        {
            var at = tiling.At(pixel.Index / 64, pixel.Index % 64);
            Assert.Equal(pixel.Item.Item0, tiles[at] / LabTable.Scale, 1.0);
            Assert.Equal(pixel.Item.Item1, (tiles[at + 16] - LabTable.MiddleA) / LabTable.Scale, 1.0);
            Assert.Equal(pixel.Item.Item2, (tiles[at + 32] - LabTable.MiddleB) / LabTable.Scale, 1.0);
        });
    }

    [Fact]
    public void Every_colour_of_a_corner_of_the_cube_fits_into_eight_bits()
    {
        byte[] corners = [.. Enumerable.Range(0, 8).SelectMany(i => new[] { (byte)(255 * (i & 1)), (byte)(255 * ((i >> 1) & 1)), (byte)(255 * (i >> 2)) })];
        var tiling = new Tiling(1, 8, 3);
        var tiles = new byte[tiling.Bytes];

        LabTable.Convert(corners, 3, tiling, tiles);

        Assert.Equal((0, LabTable.MiddleA, LabTable.MiddleB), (tiles[0], tiles[16], tiles[32]));
        Assert.Equal(125, tiles[7]);
        Assert.InRange(tiles[2 + 16], 0, 2);
        Assert.InRange(tiles[4 + 32], 0, 2);
        Assert.InRange(tiles[5 + 16], 228, 232);
        Assert.InRange(tiles[3 + 32], 252, 255);
    }

    [Theory]
    [InlineData(321, 481, 200)]
    [InlineData(1, 50, 7)]
    [InlineData(50, 1, 7)]
    [InlineData(3, 5, 15)]
    [InlineData(3, 5, 99)]
    public void Seeds_are_as_many_as_wanted_and_apart(int height, int width, int count)
    {
        var seeds = Seeds.For(height, width, new SlicOptions(RegionSize: null, Count: count));
        var (xs, ys) = (new int[seeds.Count], new int[seeds.Count]);

        seeds.Place(xs, ys);

        Assert.Equal(Math.Min(count, height * width), seeds.Count);
        Assert.Equal(seeds.Count, xs.Zip(ys).Distinct().Count());
        Assert.All(xs, x => Assert.InRange(x, 0, width - 1));
        Assert.All(ys, y => Assert.InRange(y, 0, height - 1));
    }

    [Fact]
    public void Runs_are_counted_as_they_are_marked() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 5], Gen.Int[0, 2].Array[200]).Sample((width, height, values) =>
        {
            var labels = values.AsSpan(0, width * height);
            var runs = new Run[labels.Length + 1];

            Regions.Mark(labels, width, runs);

            return runs[Regions.CountIn(labels, width)].Start == labels.Length;
        });

    [Fact]
    public void Components_are_found_where_they_touch_by_a_side_only()
    {
        int[] labels =
        [
            1, 1, 2, 1,
            2, 1, 2, 1,
            2, 2, 1, 1,
            1, 2, 2, 1,
        ];
        var count = Regions.CountIn(labels, 4);
        var runs = new Run[count + 1];
        Regions.Mark(labels, 4, runs);
        var regions = new Regions(4, runs);

        regions.Connect();

        int[] roots = [.. Enumerable.Range(0, count).Where(run => runs[run].Parent == run)];
        Assert.Equal([(0, 3), (2, 2), (3, 5), (4, 5), (12, 1)], roots.Select(r => (runs[r].Start, runs[r].Size)));
    }

    [Fact]
    public void A_tile_that_no_window_reaches_takes_the_nearest_cluster()
    {
        var tiling = new Tiling(16, 64, 3);
        var clusters = new Clusters(new ushort[8], [5, 12], [8, 8], new long[14]);
        var windows = new Windows(tiling, reach: 10, new int[5]);
        var lists = new int[windows.Count(clusters)];

        windows.Fill(clusters, lists);

        Assert.Equal([0, 1], windows.Of(0, lists).ToArray());
        Assert.Equal([1], windows.Of(1, lists).ToArray());
        Assert.Equal([1], windows.Of(3, lists).ToArray());
    }
}
