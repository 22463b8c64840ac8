using InMARS.Stages.Superpixels;
using InMARS.Tests.Stages.Images;

namespace InMARS.Tests.Stages.Superpixels;

public class RegionFeaturesTests
{
    [Fact]
    public void MeanLab_knows_white_black_and_red()
    {
        var white = new SuperpixelMap(Pictures.Flat(1, 1, 255, 255, 255), [0], 1);
        var black = new SuperpixelMap(Pictures.Flat(1, 1, 0, 0, 0), [0], 1);
        var red = new SuperpixelMap(Pictures.Flat(1, 1, 255, 0, 0), [0], 1);

        AssertNear([100, 0, 0], RegionFeatures.MeanLab(white));
        AssertNear([0, 0, 0], RegionFeatures.MeanLab(black));
        AssertNear([53.2f, 80.1f, 67.2f], RegionFeatures.MeanLab(red));
    }

    [Fact]
    public void MeanLab_averages_each_superpixel_by_itself()
    {
        var image = Pictures.Flat(1, 4, 255, 255, 255);
        Array.Clear(image.Pixels, 3, 3);

        var means = RegionFeatures.MeanLab(new SuperpixelMap(image, [0, 0, 1, 1], 2));

        AssertNear([50, 0, 0, 100, 0, 0], means);
    }

    [Fact]
    public void MeanLab_does_not_look_at_the_fourth_band() =>
        Assert.Equal(
            RegionFeatures.MeanLab(new SuperpixelMap(Pictures.Flat(2, 2, 90, 30, 60), new int[4], 1)),
            RegionFeatures.MeanLab(new SuperpixelMap(Pictures.Flat(2, 2, 90, 30, 60, 200), new int[4], 1)));

    private static void AssertNear(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.First - pair.Second, -1f, 1f));
    }
}
