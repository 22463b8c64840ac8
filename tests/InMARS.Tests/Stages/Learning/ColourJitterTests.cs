using InMARS.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public class ColourJitterTests
{
    [Fact]
    public void No_strength_is_no_change()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1, CPU);
        var images = Scene.Images();

        Assert.Equal(0, (ColourJitter.Apply(images, 0, 0, random) - images).abs().max().item<double>());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_image_gets_light_of_its_own_and_stays_in_range(int bands)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1, CPU);
        var images = full([2, bands, 4, 4], 0.5, dtype: ScalarType.Float64);

        var lit = ColourJitter.Apply(images, 0.6, 0.6, random);

        Assert.Equal(images.shape, lit.shape);
        Assert.InRange(lit.min().item<double>(), 0, 1);
        Assert.InRange(lit.max().item<double>(), 0, 1);
        Assert.True((lit[0] - lit[1]).abs().max().item<double>() > 0.01);
    }

    [Fact]
    public void The_same_seed_gives_the_same_light()
    {
        using var scope = NewDisposeScope();
        using var one = new Generator(9, CPU);
        using var two = new Generator(9, CPU);
        var images = Scene.Images();

        Assert.Equal(0, (ColourJitter.Apply(images, 0.6, 0.6, one) - ColourJitter.Apply(images, 0.6, 0.6, two)).abs().max().item<double>());
    }
}
