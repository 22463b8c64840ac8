using CsCheck;
using InMARS.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public class ClusterPriorTests
{
    [Fact]
    public void Only_ratios_matter()
    {
        Assert.Equal([0.5, 0.25, 0.25], ClusterPrior.Of([8, 4, 4]).Shares);
        Assert.Equal(ClusterPrior.Of([8, 4, 4]), ClusterPrior.Of([2, 1, 1]));
        Assert.NotEqual(ClusterPrior.Of([1, 2, 1]), ClusterPrior.Of([2, 1, 1]));
    }

    [Fact]
    public void Its_text_says_the_shares() => Assert.Equal("[0.75, 0.25]", ClusterPrior.Of([3, 1]).ToString());

    [Fact]
    public void Shares_as_asked_for_diverge_by_nothing()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(0, ClusterPrior.Of([3, 1]).Divergence(tensor(new[] { 0.75, 0.25 })).item<double>(), 1e-12);
    }

    [Fact]
    public void All_in_one_of_two_even_clusters_diverges_by_ln_2()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(Math.Log(2), ClusterPrior.Of([1, 1]).Divergence(tensor(new[] { 1 - 1e-12, 1e-12 })).item<double>(), 1e-9);
    }

    [Fact]
    public void A_uniform_prior_has_the_gradient_of_the_entropy_it_replaces() =>
        Gen.Select(Gen.Int[2, 8], Gen.Int[1, 20], Gen.ULong).Sample((clusters, superpixels, seed) =>
        {
            using var scope = NewDisposeScope();
            using var random = new Generator(seed, CPU);
            var logits = randn([clusters, superpixels], dtype: ScalarType.Float64, generator: random).requires_grad_(true);
            var weights = rand([superpixels], dtype: ScalarType.Float64, generator: random) + 0.01;
            var information = MutualInformation.Of(new SuperpixelScores(logits, weights / weights.sum()));
            var prior = ClusterPrior.Of([.. Enumerable.Repeat(1.0, clusters)]);

            var byPrior = autograd.grad([prior.Divergence(information.Shares)], [logits], retain_graph: true)[0];
            var byEntropy = autograd.grad([-information.Marginal], [logits])[0];

            Assert.Equal(0, (byPrior - byEntropy).abs().max().item<double>(), 1e-12);
            Assert.Equal(Math.Log(clusters) - information.Marginal.item<double>(), prior.Divergence(information.Shares).item<double>(), 1e-9);
        }, iter: 50);

    [Fact]
    public void Its_gradient_is_that_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1, CPU);
        var weights = tensor(new[] { 0.4, 0.3, 0.2, 0.1 });
        var logits = randn([3, 4], dtype: ScalarType.Float64, generator: random);
        Tensor Loss(Tensor z) => ClusterPrior.Of([5, 3, 2]).Divergence(MutualInformation.Of(new SuperpixelScores(z, weights)).Shares);

        var at = logits.clone().requires_grad_(true);
        var gradient = autograd.grad([Loss(at)], [at])[0];

        Slopes.Agree(Loss, logits, gradient);
    }
}
