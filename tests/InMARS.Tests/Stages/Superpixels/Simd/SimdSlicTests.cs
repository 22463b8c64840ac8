using CsCheck;
using InMARS.Stages.Images;
using InMARS.Stages.Superpixels;
using InMARS.Stages.Superpixels.Simd;
using InMARS.Tests.Stages.Images;

namespace InMARS.Tests.Stages.Superpixels.Simd;

public class SimdSlicTests
{
    private static readonly SlicOptions _ten = new(Engine: SlicEngine.Simd);

    [Fact]
    public void All_lanes_give_the_same_labels() =>
        Gen.Select(Gen.Int[1, 90], Gen.Int[1, 90], Gen.Int[2, 30], Gen.Int[1, 100], Gen.Bool, Gen.Int).Sample(
            (height, width, size, ruler, infrared, seed) =>
            {
                var image = Noise(height, width, seed, 4);
                var options = new SlicOptions(RegionSize: size, Ruler: ruler, Iterations: 1 + (ruler % 5), Infrared: infrared);
                var (scalar, wide, portable) = (Cut(image, options, LanesKind.Scalar), Cut(image, options, LanesKind.Wide), Cut(image, options, LanesKind.Portable));
                return scalar.Count == wide.Count && scalar.Count == portable.Count
                    && scalar.Labels.SequenceEqual(wide.Labels) && scalar.Labels.SequenceEqual(portable.Labels);
            },
            iter: 60);

    [Fact]
    public void All_lanes_give_the_same_labels_of_something_like_a_photograph()
    {
        var image = Pictures.Texture(123, 201);
        var scalar = Cut(image, _ten with { RegionSize = 25 }, LanesKind.Scalar);

        Assert.Equal(scalar.Labels, Cut(image, _ten with { RegionSize = 25 }, LanesKind.Wide).Labels);
        Assert.Equal(scalar.Labels, Cut(image, _ten with { RegionSize = 25 }, LanesKind.Portable).Labels);
    }

    [Fact]
    public void Every_label_is_one_component_and_labels_are_numbered_by_first_occurrence() =>
        Gen.Select(Gen.Int[1, 70], Gen.Int[1, 70], Gen.Int[2, 30], Gen.Bool, Gen.Int).Sample(
            (height, width, size, noise, seed) =>
            {
                var image = noise ? Noise(height, width, seed, 3) : Pictures.Texture(height, width, seed);
                var (labels, count) = Cut(image, _ten with { RegionSize = size });
                return labels.Length == height * width && labels.Distinct().SequenceEqual(Enumerable.Range(0, count))
                    && SlicTests.Components(new SuperpixelMap(image, labels, count)) == count;
            },
            iter: 60);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 50)]
    [InlineData(50, 1)]
    [InlineData(3, 5)]
    [InlineData(17, 33)]
    public void Images_of_any_size_are_cut(int height, int width)
    {
        var (labels, count) = Cut(Pictures.Texture(height, width), _ten with { RegionSize = 2 });

        Assert.Equal(Enumerable.Range(0, count), labels.Distinct());
    }

    [Fact]
    public void Two_flat_halves_are_parted_where_they_meet()
    {
        var (labels, count) = Cut(SlicTests.Halves(40, 60, at: 27), _ten);

        var left = labels.Where((_, i) => i % 60 < 27).ToHashSet();
        Assert.InRange(count, 23, 25);
        Assert.DoesNotContain(labels.Where((_, i) => i % 60 >= 27), left.Contains);
    }

    [Fact]
    public void The_fields_of_a_checkerboard_as_large_as_regions_become_superpixels()
    {
        var image = Pictures.Flat(60, 80, 20, 20, 20);
        foreach (var i in Enumerable.Range(0, 60 * 80).Where(i => ((i / 80 / 10) + (i % 80 / 10)) % 2 == 0))
        {
            image.Pixels.AsSpan(3 * i, 3).Fill(230);
        }

        var (labels, count) = Cut(image, _ten);

        Assert.Equal(48, count);
        Assert.All(Enumerable.Range(0, 60 * 80), i => Assert.Equal((i / 80 / 10 * 8) + (i % 80 / 10), labels[i]));
    }

    [Fact]
    public void A_constant_image_gives_the_wanted_count_in_even_sizes()
    {
        var (labels, count) = Cut(Pictures.Flat(90, 120, 7, 77, 177), _ten with { RegionSize = null, Count = 75 });

        Assert.Equal(75, count);
        Assert.All(labels.CountBy(label => label), label => Assert.InRange(label.Value, 72, 288));
    }

    [Theory]
    [InlineData(50)]
    [InlineData(100)]
    [InlineData(233)]
    [InlineData(800)]
    public void The_count_is_within_a_twentieth_of_the_wanted(int count)
    {
        var options = _ten with { RegionSize = null, Count = count };

        Assert.All(
            Enumerable.Range(1, 5),
            seed => Assert.InRange(Cut(Pictures.Texture(150 + (10 * seed), 260, seed), options).Count, count * 0.95, count * 1.05));
    }

    [Fact]
    public void The_same_image_gives_the_same_labels_on_any_thread()
    {
        var image = Pictures.Texture(60, 80);
        var labels = Cut(image, _ten).Labels;
        var all = new int[16][];

        Parallel.For(0, all.Length, i => all[i] = Cut(i % 2 == 0 ? image : Pictures.Texture(90, 50, i), _ten).Labels);

        Assert.All(all.Where((_, i) => i % 2 == 0), again => Assert.Equal(labels, again));
    }

    [Fact]
    public void Infrared_counts_where_it_is_asked_for()
    {
        var image = Pictures.Flat(40, 60, 90, 90, 90, 10);
        foreach (var i in Enumerable.Range(0, 2400).Where(i => i % 60 >= 27))
        {
            image.Pixels[(4 * i) + 3] = 200;
        }

        var with = Cut(image, _ten with { Infrared = true }).Labels;
        var left = with.Where((_, i) => i % 60 < 27).ToHashSet();

        Assert.DoesNotContain(with.Where((_, i) => i % 60 >= 27), left.Contains);
        Assert.Equal(Cut(Pictures.Flat(40, 60, 90, 90, 90), _ten).Labels, Cut(image, _ten).Labels);
    }

    [Fact]
    public void An_image_allocates_its_labels_and_nothing_else()
    {
        var image = Pictures.Texture(120, 160);
        Cut(image, _ten);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Cut(image, _ten);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 4 * 120 * 160, (4 * 120 * 160) + 64);
    }

    internal static RgbImage Noise(int height, int width, int seed, int bands)
    {
        var image = new RgbImage(Pictures.Origin, height, width, bands, new byte[height * width * bands]);
        new Random(seed).NextBytes(image.Pixels);
        return image;
    }

    private static (int[] Labels, int Count) Cut(RgbImage image, SlicOptions options, LanesKind? kind = null) =>
        SimdSlic.Cut(image, options, kind ?? SimdSlic.Best);
}
