using InMARS.Stages.Images;
using InMARS.Stages.Superpixels;
using InMARS.Stages.Superpixels.Quality;
using InMARS.Tests.Stages.Images;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Superpixels;

public class SlicQualityTests
{
    /// <summary>Two segments, the left of 3 columns; four superpixels, of which one has a column of each.</summary>
    private static readonly ushort[] _truth = [.. Enumerable.Range(0, 48).Select(i => (ushort)(i % 8 < 3 ? 0 : 1))];

    private static readonly int[] _pairs = [.. Enumerable.Range(0, 48).Select(i => i % 8 / 2)];

    [Fact]
    public void Superpixels_within_their_segments_have_no_error()
    {
        int[] labels = [.. _truth.Select(segment => (int)segment)];

        var quality = SuperpixelQuality.Of(labels, 2, _truth, 8);

        Assert.Equal((2, 1, 0, 1), (quality.Count, quality.BoundaryRecall, quality.UndersegmentationError, quality.AchievableAccuracy));
    }

    [Fact]
    public void A_superpixel_across_a_boundary_costs_its_smaller_part()
    {
        var quality = SuperpixelQuality.Of(_pairs, 4, _truth, 8);

        Assert.Equal(42 / 48.0, quality.AchievableAccuracy, 12);
        Assert.Equal(12 / 48.0, quality.UndersegmentationError, 12);
    }

    [Fact]
    public void A_small_image_has_no_tolerance_and_misses_what_is_beside_a_boundary()
    {
        int[] labels = [.. Enumerable.Range(0, 48).Select(i => i % 8 < 4 ? 0 : 1)];

        Assert.Equal(0.5, SuperpixelQuality.Of(labels, 2, _truth, 8).BoundaryRecall);
    }

    [Fact]
    public void Pixels_without_truth_do_not_count()
    {
        ushort[] truth = [.. _truth.Select((segment, i) => i % 8 == 2 ? ushort.MaxValue : segment)];

        Assert.Equal(1, SuperpixelQuality.Of(_pairs, 4, truth, 8).AchievableAccuracy);
    }

    [Fact]
    public void Squares_are_more_compact_than_stripes()
    {
        int[] squares = [.. Enumerable.Range(0, 64).Select(i => (i / 32 * 2) + (i % 8 / 4))];
        int[] stripes = [.. Enumerable.Range(0, 64).Select(i => i % 8 / 2)];
        var truth = new ushort[64];

        Assert.Equal(Math.PI / 4, SuperpixelQuality.Of(squares, 4, truth, 8).Compactness, 12);
        Assert.True(SuperpixelQuality.Of(stripes, 4, truth, 8).Compactness < Math.PI / 4);
    }

    [Fact]
    public void Our_engine_is_better_than_OpenCv_at_the_same_count_on_photographs()
    {
        var folder = Repository.Data("bsds500_val");
        var truth = new Segmentations(Path.Combine(folder, "labels"), ignore: null);
        var (theirs, ours) = (new List<SuperpixelQuality>(), new List<SuperpixelQuality>());
        foreach (var file in Directory.GetFiles(Path.Combine(folder, "images")).Order(StringComparer.Ordinal).Take(6))
        {
            var image = new Decoding(DecodingOptions.Default).Decode(Pictures.Sample(File.ReadAllBytes(file))).Value();
            theirs.Add(Measure(SlicEngine.OpenCv, 200));
            ours.Add(Measure(SlicEngine.Simd, (int)theirs[^1].Count));
            Assert.InRange(Measure(SlicEngine.Simd, 200).Count, 190, 210);

            SuperpixelQuality Measure(SlicEngine engine, int count)
            {
                var map = Slic.Cut(image, new SlicOptions(RegionSize: null, Count: count, Engine: engine)).Value();
                return truth.Measure(Path.GetFileNameWithoutExtension(file), map.Labels, map.Count, image.Width)!;
            }
        }

        var (opencv, simd) = (SuperpixelQuality.Mean(theirs), SuperpixelQuality.Mean(ours));
        Assert.True(simd.BoundaryRecall > opencv.BoundaryRecall, $"{simd} against {opencv}");
        Assert.True(simd.UndersegmentationError < opencv.UndersegmentationError, $"{simd} against {opencv}");
        Assert.True(simd.AchievableAccuracy > opencv.AchievableAccuracy, $"{simd} against {opencv}");
    }
}
