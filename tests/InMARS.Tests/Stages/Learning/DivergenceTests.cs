using InMARS.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public class DivergenceTests
{
    [Fact]
    public void Its_slope_in_perturbed_scores_is_the_weighted_difference_of_probabilities()
    {
        using var scope = NewDisposeScope();
        var (clean, perturbed) = (Scores(1), Scores(2));
        var logits = perturbed.Logits.clone().requires_grad_(true);

        var gradient = autograd.grad([Divergence.Of(clean, perturbed with { Logits = logits })], [logits])[0];

        var expected = (perturbed.LogProbabilities.exp() - clean.LogProbabilities.exp()) * perturbed.Weights;
        Assert.Equal(0, (gradient - expected).abs().max().item<double>(), 1e-12);
        Slopes.Agree(z => Divergence.Of(clean, perturbed with { Logits = z }), perturbed.Logits, gradient);
    }

    [Fact]
    public void The_mean_of_halves_of_equal_area_is_that_of_the_whole()
    {
        using var scope = NewDisposeScope();
        SuperpixelScores[] clean = [Scores(1), Scores(2)];
        SuperpixelScores[] perturbed = [Scores(3), Scores(4)];

        var halves = clean.Zip(perturbed, (c, p) => Divergence.Of(c, p).item<double>()).Average();

        Assert.Equal(halves, Divergence.Of(Joined(clean), Joined(perturbed)).item<double>(), 1e-12);
    }

    [Fact]
    public void Of_several_heads_it_is_the_sum()
    {
        using var scope = NewDisposeScope();
        var (clean, perturbed) = (Scores(1), Scores(2));
        var count = clean.Logits.shape[0];
        var heads = new[] { 2, count - 2 };

        var sum = Divergence.Of(clean.Head(0, 2), perturbed.Head(0, 2)) + Divergence.Of(clean.Head(2, count - 2), perturbed.Head(2, count - 2));

        Assert.Equal(sum.item<double>(), Divergence.Of(clean with { Heads = heads }, perturbed with { Heads = heads }).item<double>(), 1e-12);
    }

    private static SuperpixelScores Joined(SuperpixelScores[] halves) =>
        new(cat([.. halves.Select(h => h.Logits)], 1), cat([.. halves.Select(h => h.Weights / 2)]));

    private static SuperpixelScores Scores(ulong seed)
    {
        using var random = new Generator(seed, CPU);
        return new(randn([3, 4], dtype: ScalarType.Float64, generator: random), tensor(new[] { 0.4, 0.3, 0.2, 0.1 }));
    }
}
