using CsCheck;
using InMARS.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public class MutualInformationTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(27)]
    public void Certain_and_balanced_answers_carry_ln_K(int clusters)
    {
        using var scope = NewDisposeScope();
        var scores = new SuperpixelScores(eye(clusters) * 200, ones(clusters) / clusters);

        Assert.Equal(Math.Log(clusters), MutualInformation.Of(scores).Value.item<float>(), 1e-5);
    }

    [Fact]
    public void Answers_that_say_nothing_carry_nothing()
    {
        using var scope = NewDisposeScope();
        var scores = new SuperpixelScores(zeros(4, 9), ones(9) / 9);

        var information = MutualInformation.Of(scores);

        Assert.Equal(0, information.Value.item<float>(), 1e-6);
        Assert.Equal(Math.Log(4), information.Marginal.item<float>(), 1e-6);
    }

    [Fact]
    public void Area_weights_the_marginal()
    {
        using var scope = NewDisposeScope();
        var scores = new SuperpixelScores(eye(2) * 200, tensor(new[] { 0.9f, 0.1f }));

        var expected = -((0.9 * Math.Log(0.9)) + (0.1 * Math.Log(0.1)));
        Assert.Equal(expected, MutualInformation.Of(scores).Marginal.item<float>(), 1e-5);
    }

    [Fact]
    public void It_lies_between_nothing_and_ln_K() =>
        Gen.Select(Gen.Int[2, 8], Gen.Int[1, 20], Gen.ULong, Gen.Double[0.01, 50]).Sample((clusters, superpixels, seed, sharpness) =>
        {
            using var scope = NewDisposeScope();
            using var random = new Generator(seed, CPU);
            var weights = rand([superpixels], dtype: ScalarType.Float64, generator: random) + 0.01;
            var logits = randn([clusters, superpixels], dtype: ScalarType.Float64, generator: random) * sharpness;

            var value = MutualInformation.Of(new SuperpixelScores(logits, weights / weights.sum())).Value.item<double>();

            Assert.InRange(value, -1e-9, Math.Log(clusters) + 1e-9);
        }, iter: 100);

    [Fact]
    public void A_dead_cluster_leaves_the_gradient_finite()
    {
        using var scope = NewDisposeScope();
        var logits = cat([full(1, 6, -1000f), zeros(2, 6)]).requires_grad_(true);

        var information = MutualInformation.Of(new SuperpixelScores(logits, ones(6) / 6));
        (information.Conditional - (information.Marginal * 1.6)).backward();

        Assert.True(logits.grad!.isfinite().all().item<bool>());
    }

    [Fact]
    public void Its_gradient_is_that_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1, CPU);
        var weights = tensor(new[] { 0.4, 0.3, 0.2, 0.1 });
        var logits = randn([3, 4], dtype: ScalarType.Float64, generator: random);
        Tensor Loss(Tensor z)
        {
            var information = MutualInformation.Of(new SuperpixelScores(z, weights));
            return information.Conditional - (information.Marginal * 1.6);
        }

        var at = logits.clone().requires_grad_(true);
        var gradient = autograd.grad([Loss(at)], [at])[0];

        Slopes.Agree(Loss, logits, gradient);
    }
}
