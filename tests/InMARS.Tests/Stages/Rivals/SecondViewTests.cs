using InMARS.Stages.Rivals;
using InMARS.Tests.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Rivals;

public class SecondViewTests
{
    [Fact]
    public void A_flip_is_warped_back_exactly()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(2, CPU);
        var images = Scene.Images(count: 12, type: ScalarType.Float32);

        var view = SecondView.Of(images, new ViewOptions(Tint: 0, Jitter: 0), random);

        Assert.True(view.Back(view.Images).equal(images).all().item<bool>());
        Assert.InRange(view.Mirrored.to(ScalarType.Int32).sum().item<long>(), 1, 11);
    }

    [Fact]
    public void Mirrored_images_are_turned_left_to_right_and_no_others()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(2, CPU);
        var images = Scene.Images(count: 12, type: ScalarType.Float32);

        var view = SecondView.Of(images, new ViewOptions(Tint: 0, Jitter: 0), random);

        for (var n = 0; n < 12; n++)
        {
            var expected = view.Mirrored[n].item<bool>() ? images[n].flip(2) : images[n];
            Assert.True(view.Images[n].equal(expected).all().item<bool>());
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 12)]
    public void The_share_of_flips_is_as_asked(double share, int mirrored)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(2, CPU);

        var view = SecondView.Of(Scene.Images(count: 12), new ViewOptions(Flip: share), random);

        Assert.Equal(mirrored, view.Mirrored.to(ScalarType.Int32).sum().item<long>());
    }

    [Fact]
    public void Jitter_changes_light_and_keeps_the_range()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(2, CPU);
        var images = Scene.Images(type: ScalarType.Float32);

        var view = SecondView.Of(images, new ViewOptions(Flip: 0), random);

        Assert.False(view.Images.allclose(images));
        Assert.InRange(view.Images.min().item<float>(), 0, 1);
        Assert.InRange(view.Images.max().item<float>(), 0, 1);
    }
}
