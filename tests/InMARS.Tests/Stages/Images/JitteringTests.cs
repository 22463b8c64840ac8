using InMARS.Stages.Images;

namespace InMARS.Tests.Stages.Images;

public class JitteringTests
{
    private static readonly JitteringOptions _none = new(0, 0, 0, 0);
    private static readonly RgbImage _photo = Pictures.Texture(16, 16);

    [Fact]
    public void Jitter_by_nothing_changes_nothing() =>
        Assert.All(_photo.Pixels.Zip(Jittering.Jitter(_photo, _none, Pictures.Item(1)).Pixels), pair => Assert.InRange(pair.First - pair.Second, -1, 1));

    [Fact]
    public void Jitter_leaves_grey_alone_whatever_the_saturation_and_hue()
    {
        var grey = Pictures.Flat(2, 2, 100, 100, 100);

        Assert.All(Jittering.Jitter(grey, _none with { Saturation = 1, Hue = 0.5 }, Pictures.Item(9)).Pixels, value => Assert.InRange(value, 99, 101));
    }

    [Fact]
    public void Jitter_of_brightness_scales_all_bands_alike()
    {
        var factors = Enumerable.Range(0, 100)
            .Select(i => Jittering.Jitter(Pictures.Flat(1, 1, 40, 80, 120), _none with { Brightness = 0.5 }, Pictures.Item((ulong)i)).Pixels)
            .Select(p => (p[0] / 40.0, p[1] / 80.0, p[2] / 120.0))
            .ToList();

        Assert.All(factors, f => Assert.InRange(Math.Max(Math.Abs(f.Item1 - f.Item3), Math.Abs(f.Item2 - f.Item3)), 0, 0.03));
        Assert.InRange(factors.Min(f => f.Item3), 0.49, 0.6);
        Assert.InRange(factors.Max(f => f.Item3), 1.4, 1.51);
    }

    [Fact]
    public void Jitter_of_contrast_keeps_the_mean_grey()
    {
        var image = Pictures.Flat(1, 2, 80, 80, 80);
        (image.Pixels[3], image.Pixels[4], image.Pixels[5]) = (120, 120, 120);

        var pixels = Jittering.Jitter(image, _none with { Contrast = 0.5 }, Pictures.Item(5)).Pixels;

        Assert.NotEqual(40, pixels[3] - pixels[0]);
        Assert.InRange(pixels[0] + pixels[3], 199, 201);
    }

    [Fact]
    public void Jitter_of_hue_keeps_luma()
    {
        var pixel = Jittering.Jitter(Pictures.Flat(1, 1, 140, 100, 90), _none with { Hue = 0.5 }, Pictures.Item(2)).Pixels;

        Assert.NotEqual(new byte[] { 140, 100, 90 }, pixel);
        Assert.InRange((0.299 * pixel[0]) + (0.587 * pixel[1]) + (0.114 * pixel[2]), 109.8 - 1.5, 110.8 + 1.5);
    }

    [Fact]
    public void Jitter_leaves_truth_and_the_fourth_band_alone()
    {
        var image = Pictures.Coordinates(4, 4, bands: 4);
        var jittered = Jittering.Jitter(image, new JitteringOptions(1, 1, 1, 0.5), Pictures.Item(2));

        Assert.Same(image.Truth, jittered.Truth);
        Assert.NotEqual(image.Pixels, jittered.Pixels);
        Assert.Equal(image.Pixels.Where((_, i) => i % 4 == 3), jittered.Pixels.Where((_, i) => i % 4 == 3));
    }

    [Fact]
    public void Jitter_depends_on_the_seed_alone()
    {
        var options = new JitteringOptions();

        Assert.Equal(Jittering.Jitter(_photo, options, Pictures.Item(8)).Pixels, Jittering.Jitter(_photo, options, Pictures.Item(8)).Pixels);
        Assert.NotEqual(Jittering.Jitter(_photo, options, Pictures.Item(8)).Pixels, Jittering.Jitter(_photo, options, Pictures.Item(9)).Pixels);
    }
}
