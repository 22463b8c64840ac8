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
    public void Uniform_weights_count_each_superpixel_alike()
    {
        using var scope = NewDisposeScope();
        var pooling = SuperpixelPooling.Over(tensor(Labels).view(2, 2, 2), 4) with { Weighting = SuperpixelWeighting.Uniform };
        var known = tensor(new float[] { 1, 0, 0, 1, 1, 0, 0, 1 }).view(2, 1, 2, 2);

        Assert.Equal([1 / 3f, 1 / 3f, 1 / 3f, 0], pooling.Weights.data<float>().ToArray());
        Assert.Equal([0f, 0.5f, 0.5f], pooling.Score(ones(2, 1, 2, 2), known).Weights.data<float>().ToArray()[..3]);
    }

    [Fact]
    public void Pooled_probabilities_are_means_of_those_of_the_pixels()
    {
        using var scope = NewDisposeScope();
        var pooling = SuperpixelPooling.Over(tensor(new long[] { 0, 0 }).view(1, 1, 2), 1, ScalarType.Float64) with { Quantity = PooledQuantity.Probabilities };
        var logits = tensor(new[] { 0.9, 0.2, 0.1, 0.8 }).log().view(1, 2, 1, 2);

        var p = pooling.Score(logits).LogProbabilities.exp();

        Assert.Equal([0.55, 0.45], p.flatten().data<double>().ToArray().Select(v => Math.Round(v, 9)));
    }

    [Fact]
    public void Heads_are_probabilities_each_by_itself()
    {
        using var scope = NewDisposeScope();
        var images = Scene.Images();
        using var random = new Generator(1, CPU);
        var logits = randn([2, 5, 16, 20], dtype: ScalarType.Float64, generator: random);
        var pooling = Scene.Pooling(images) with { Quantity = PooledQuantity.Probabilities, Heads = [2, 3] };

        var both = pooling.Score(logits);

        Assert.Equal(0, (both.Head(0, 2).Logits - pooling.Score(logits.narrow(1, 0, 2)).Logits).abs().max().item<double>(), 1e-12);
        Assert.Equal(0, (both.Head(2, 3).Logits - (pooling with { Heads = [] }).Score(logits.narrow(1, 2, 3)).Logits).abs().max().item<double>(), 1e-12);
    }

    [Fact]
    public void Pixels_that_disagree_leave_their_superpixel_undecided_only_where_probabilities_are_pooled()
    {
        using var scope = NewDisposeScope();
        var pooling = SuperpixelPooling.Over(tensor(new long[] { 0, 0 }).view(1, 1, 2), 1, ScalarType.Float64);
        var logits = tensor(new[] { 40.0, 0, 0, 20 }).view(1, 2, 1, 2);

        var byScores = MutualInformation.Of(pooling.Score(logits)).Conditional.item<double>();
        var byProbabilities = MutualInformation.Of((pooling with { Quantity = PooledQuantity.Probabilities }).Score(logits)).Conditional.item<double>();

        Assert.InRange(byScores, 0, 0.001);
        Assert.Equal(Math.Log(2), byProbabilities, 1e-6);
    }

    [Theory]
    [InlineData(PooledQuantity.Logits)]
    [InlineData(PooledQuantity.Probabilities)]
    public void The_gradient_of_scores_known_in_part_is_that_of_finite_differences(PooledQuantity quantity)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1, CPU);
        var images = Scene.Images();
        var pooling = Scene.Pooling(images) with { Quantity = quantity, Weighting = SuperpixelWeighting.Uniform };
        var known = (rand([2, 1, 16, 20], dtype: ScalarType.Float64, generator: random) < 0.7).to(ScalarType.Float64);
        var clean = pooling.Score(randn(images.shape, dtype: ScalarType.Float64, generator: random));
        Tensor Loss(Tensor x) => Divergence.Of(clean, pooling.Score(x, known));

        var at = images.clone().requires_grad_(true);
        var gradient = autograd.grad([Loss(at)], [at])[0];

        Slopes.Agree(Loss, images, gradient);
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
