using InMARS.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public class SuperpixelPoolingTests
{
    private static readonly long[] Labels = [0, 0, 1, 1, 1, 0, 2, 2];

    [Fact]
    public void Mean_is_taken_over_each_superpixel_of_each_image()
    {
        using var scope = NewDisposeScope();
        var pooling = SuperpixelPooling.Over(tensor(Labels).view(2, 2, 2), 3);
        var values = tensor(new float[] { 1, 3, 5, 7, 10, 30, 50, 70, 9, 8, 2, 4, 90, 80, 20, 40 }).view(2, 2, 2, 2);

        var mean = pooling.Mean(values);

        Assert.Equal([3f, 3f, 2f], pooling.Areas.data<float>().ToArray());
        Assert.Equal([4f, 7f, 3f, 40f, 70f, 30f], mean.data<float>().ToArray());
    }

    [Fact]
    public void Weights_are_shares_of_the_area()
    {
        using var scope = NewDisposeScope();
        var pooling = SuperpixelPooling.Over(tensor(Labels).view(2, 2, 2), 3);

        Assert.Equal([0.375f, 0.375f, 0.25f], pooling.Weights.data<float>().ToArray());
    }

    [Fact]
    public void Pixels_of_no_superpixel_do_not_count()
    {
        using var scope = NewDisposeScope();
        var pooling = SuperpixelPooling.Over(tensor(new long[] { 0, 3, 1, 1, 3, 3, 3, 1 }).view(2, 2, 2), 3);
        var values = tensor(new float[] { 1, 900, 5, 7, 900, 900, 900, 9 }).view(2, 1, 2, 2);

        Assert.Equal([1f, 3f, 0f], pooling.Areas.data<float>().ToArray());
        Assert.Equal([1f, 7f, 0f], pooling.Mean(values).data<float>().ToArray());
        Assert.Equal([0.25f, 0.75f, 0f], pooling.Weights.data<float>().ToArray());
        Assert.Equal([0L, 1L, 0L], pooling.ImageOf(2).data<long>().ToArray());
    }

    [Fact]
    public void Superpixels_known_by_less_than_half_do_not_count()
    {
        using var scope = NewDisposeScope();
        var pooling = SuperpixelPooling.Over(tensor(Labels).view(2, 2, 2), 3);
        var known = tensor(new float[] { 1, 0, 0, 1, 1, 0, 0, 1 }).view(2, 1, 2, 2);

        var scores = pooling.Score(ones(2, 1, 2, 2) * 6, known);

        Assert.Equal([0f, 0.6f, 0.4f], scores.Weights.data<float>().ToArray());
        Assert.Equal([6f, 6f, 6f], scores.Logits.data<float>().ToArray());
    }

    [Fact]
    public void Each_superpixel_knows_its_image()
    {
        using var scope = NewDisposeScope();
        var images = Scene.Images(count: 2, side: 8);

        Assert.Equal([0L, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1], Scene.Pooling(images).ImageOf(2).data<long>().ToArray());
    }

    [Fact]
    public void Its_gradient_is_that_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1, CPU);
        var images = Scene.Images();
        var pooling = Scene.Pooling(images);
        var toward = randn([3, pooling.Areas.shape[0]], dtype: ScalarType.Float64, generator: random);
        Tensor Loss(Tensor x) => (pooling.Mean(x).square() * toward).sum();

        var at = images.clone().requires_grad_(true);
        var gradient = autograd.grad([Loss(at)], [at])[0];

        Slopes.Agree(Loss, images, gradient);
    }
}
