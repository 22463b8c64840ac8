using CsCheck;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Images;
using InMARS.Stages.Superpixels;
using InMARS.Tests.Stages.Images;

namespace InMARS.Tests.Stages.Superpixels;

public class SlicTests
{
    private static readonly SlicOptions _ten = new();
    private static readonly SlicOptions[] _cutters = [_ten, _ten with { Engine = SlicEngine.OpenCv }, _ten with { Algorithm = SlicAlgorithm.Slico }];

    [Theory]
    [InlineData(SlicAlgorithm.Slic, SlicEngine.Simd)]
    [InlineData(SlicAlgorithm.Slic, SlicEngine.OpenCv)]
    [InlineData(SlicAlgorithm.Slico, SlicEngine.OpenCv)]
    public void Cut_separates_two_flat_halves(SlicAlgorithm algorithm, SlicEngine engine)
    {
        var image = Halves(40, 60, at: 27);

        var map = Slic.Cut(image, _ten with { Algorithm = algorithm, Engine = engine }).Value();

        var left = map.Labels.Where((_, i) => i % 60 < 27).ToHashSet();
        Assert.InRange(map.Count, 12, 40);
        Assert.DoesNotContain(map.Labels.Where((_, i) => i % 60 >= 27), left.Contains);
    }

    [Fact]
    public void Cut_gives_connected_superpixels_without_gaps_numbered_by_first_occurrence() =>
        Gen.Select(Gen.Int[12, 60], Gen.Int[12, 60], Gen.Int[2, 12], Gen.Int[0, 2], Gen.Int).Sample(
            (height, width, size, which, seed) =>
            {
                var options = _cutters[which] with { RegionSize = size };
                var map = Slic.Cut(Pictures.Texture(height, width, seed), options).Value();
                return map.Labels.Length == height * width
                    && map.Labels.Distinct().SequenceEqual(Enumerable.Range(0, map.Count))
                    && Components(map) == map.Count;
            },
            iter: 60);

    [Fact]
    public void Cut_by_count_gives_about_as_many_for_any_size()
    {
        var options = _ten with { RegionSize = null, Count = 100 };

        Assert.InRange(Slic.Cut(Pictures.Texture(80, 120), options).Value().Count, 60, 150);
        Assert.InRange(Slic.Cut(Pictures.Texture(200, 150), options).Value().Count, 60, 150);
    }

    [Fact]
    public void Cut_gives_the_same_labels_every_time()
    {
        var image = Pictures.Texture(60, 80);
        var labels = Slic.Cut(image, _ten).Value().Labels;

        Assert.All(Enumerable.Range(0, 3), _ => Assert.Equal(labels, Slic.Cut(image, _ten).Value().Labels));
    }

    [Fact]
    public void Cut_does_not_look_at_the_fourth_band()
    {
        var four = Pictures.Texture(40, 40, bands: 4);
        var three = four with { Bands = 3, Pixels = [.. four.Pixels.Where((_, i) => i % 4 != 3)] };

        Assert.Equal(Slic.Cut(three, _ten).Value().Labels, Slic.Cut(four, _ten).Value().Labels);
    }

    [Fact]
    public void Cut_of_a_blurred_image_is_another_cut()
    {
        var image = Pictures.Texture(60, 60);

        Assert.NotEqual(Slic.Cut(image, _ten).Value().Labels, Slic.Cut(image, _ten with { Blur = 3 }).Value().Labels);
    }

    [Fact]
    public void Cut_refuses_an_image_smaller_than_a_region()
    {
        Assert.Equal(
            new Fault("superpixel.too_small", "the image is 30 x 9 pixels, less than one region of 10"), Slic.Cut(Pictures.Texture(9, 30), _ten).Fault());
        Assert.Equal("superpixel.too_small", Slic.Cut(Pictures.Flat(1, 400, 1, 2, 3), _ten with { RegionSize = null, Count = 10 }).Fault().Code);
        Assert.Equal(1, Slic.Cut(Pictures.Texture(10, 10), _ten).Value().Count);
    }

    [Fact]
    public void Cut_keeps_the_image_and_its_truth()
    {
        var image = Pictures.Coordinates(20, 20);

        Assert.Same(image, Slic.Cut(image, _ten).Value().Image);
    }

    [Fact]
    public void Cut_by_our_engine_keeps_the_image_blurs_it_and_refuses_what_is_too_small()
    {
        var image = Pictures.Texture(60, 60);
        var simd = _ten with { Engine = SlicEngine.Simd };

        Assert.Same(image, Slic.Cut(image, simd with { Blur = 3 }).Value().Image);
        Assert.NotEqual(Slic.Cut(image, simd).Value().Labels, Slic.Cut(image, simd with { Blur = 3 }).Value().Labels);
        Assert.Equal("superpixel.too_small", Slic.Cut(Pictures.Texture(9, 30), simd).Fault().Code);
    }

    [Theory]
    [InlineData("ruler: 10", SlicEngine.Simd)]
    [InlineData("algorithm: slico", SlicEngine.OpenCv)]
    [InlineData("engine: opencv", SlicEngine.OpenCv)]
    public void The_engine_is_ours_where_it_can_be_and_none_is_named(string yaml, SlicEngine engine) =>
        Assert.Equal(engine, Pictures.Read(yaml, SlicOptions.Read).Cutter);

    [Theory]
    [InlineData("engine: simd\nalgorithm: slico", "algorithm", "engine simd has no slico; use slic, or engine: opencv")]
    [InlineData("engine: opencv\ninfrared: true", "infrared", "engine opencv does not look at a fourth band; use engine: simd, without slico")]
    [InlineData("algorithm: slico\ninfrared: true", "infrared", "engine opencv does not look at a fourth band; use engine: simd, without slico")]
    public void What_an_engine_does_not_offer_is_refused(string yaml, string key, string message)
    {
        var error = Assert.Single(Pictures.Errors(yaml, SlicOptions.Read));

        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Contains(key, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Renumber_closes_gaps()
    {
        int[] labels = [7, 7, 2, 9, 2, 0];

        Assert.Equal(4, Slic.Renumber(labels));
        Assert.Equal(new[] { 0, 0, 1, 2, 1, 3 }, labels);
    }

    internal static RgbImage Halves(int height, int width, int at)
    {
        var image = Pictures.Flat(height, width, 200, 60, 40);
        foreach (var i in Enumerable.Range(0, height * width).Where(i => i % width >= at))
        {
            (image.Pixels[3 * i], image.Pixels[(3 * i) + 1], image.Pixels[(3 * i) + 2]) = (30, 90, 220);
        }

        return image;
    }

    /// <summary>4-connected components of equal labels, by flooding.</summary>
    internal static int Components(SuperpixelMap map)
    {
        var (width, labels) = (map.Image.Width, map.Labels);
        var seen = new bool[labels.Length];
        var components = 0;
        for (var start = 0; start < labels.Length; start++)
        {
            components += seen[start] ? 0 : 1;
            var open = new Stack<int>([start]);
            while (open.TryPop(out var i))
            {
                if (seen[i])
                {
                    continue;
                }

                seen[i] = true;
                int[] around = [i - width, i + width, i % width > 0 ? i - 1 : -1, i % width < width - 1 ? i + 1 : -1];
                foreach (var next in around.Where(n => n >= 0 && n < labels.Length && labels[n] == labels[i]))
                {
                    open.Push(next);
                }
            }
        }

        return components;
    }
}
