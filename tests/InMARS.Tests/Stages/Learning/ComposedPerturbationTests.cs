using InMARS.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public class ComposedPerturbationTests
{
    private static readonly PhotometricOptions Noise = new(Radius: 0.02);

    public static TheoryData<SpatialOptions> Motions =>
    [
        new SpatialOptions(),
        new SpatialOptions { Kind = WarpKind.Flow, Flow = new FlowFieldOptions(Grid: 4) },
        new SpatialOptions(WorstOf: 3),
    ];

    [Theory]
    [InlineData(WarpKind.Affine)]
    [InlineData(WarpKind.Flow)]
    public void The_slopes_in_both_are_those_of_finite_differences(WarpKind kind)
    {
        using var scope = NewDisposeScope();
        using var network = Scene.DecidedNetwork();
        using var random = new Generator(2, CPU);
        var images = Scene.Images();
        var (composed, clean) = Problem(network, images, new SpatialOptions { Kind = kind, Flow = new FlowFieldOptions(Grid: 3) });
        var noise = randn(images.shape, dtype: ScalarType.Float64, generator: random) * 0.02;
        var steps = randn([2, kind == WarpKind.Affine ? 5 : 18], dtype: ScalarType.Float64, generator: random) * 0.3;

        var (inNoise, inSteps) = composed.Gradient(clean, noise, steps);

        Slopes.Agree(r => Divergence.Of(clean, composed.Answer(r, steps)), noise, inNoise, tolerance: 1e-3);
        Slopes.Agree(s => Divergence.Of(clean, composed.Answer(noise, s)), steps, inSteps, step: 1e-7, tolerance: 1e-3);
    }

    [Fact]
    public void Without_noise_and_motion_nothing_diverges()
    {
        using var scope = NewDisposeScope();
        using var network = Scene.DecidedNetwork();
        var images = Scene.Images();
        var (composed, clean) = Problem(network, images, new SpatialOptions());

        var perturbed = composed.Answer(zeros_like(images), zeros(2, 5, dtype: ScalarType.Float64));

        Assert.Equal(0, Divergence.Of(clean, perturbed).item<double>(), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Motions))]
    public void What_is_found_keeps_its_limits_and_has_no_gradient(SpatialOptions motion)
    {
        using var scope = NewDisposeScope();
        using var network = Scene.DecidedNetwork();
        using var random = new Generator(2, CPU);
        var images = Scene.Images();
        var (composed, clean) = Problem(network, images, motion);

        var (noise, steps) = composed.Find(clean, random);

        Assert.All(noise.square().mean([1L, 2L, 3L]).sqrt().data<double>().ToArray(), r => Assert.Equal(0.02, r, 1e-6));
        Assert.InRange(steps.abs().max().item<double>(), 0.1, 1 + 1e-12);
        Assert.False(noise.requires_grad || steps.requires_grad);
        Assert.All(network.Parameters, p => Assert.Null(p.grad));
    }

    [Theory]
    [MemberData(nameof(Motions))]
    public void Both_together_move_answers_further_than_random_ones_of_the_same_length(SpatialOptions motion)
    {
        using var scope = NewDisposeScope();
        var (adversarial, random) = (0.0, 0.0);
        for (ulong seed = 0; seed < 8; seed++)
        {
            using var network = Scene.DecidedNetwork(seed);
            using var generator = new Generator(seed, CPU);
            var images = Scene.Images(side: 24, seed: seed);
            var (composed, clean) = Problem(network, images, motion);
            var (noise, steps) = composed.Find(clean, generator);
            var drawn = randn(noise.shape, dtype: ScalarType.Float64, generator: generator);
            drawn = drawn / drawn.square().mean([1L, 2L, 3L], keepdim: true).sqrt() * Noise.Radius;
            adversarial += Divergence.Of(clean, composed.Answer(noise, steps)).item<double>();
            random += Divergence.Of(clean, composed.Answer(drawn, Scene.Random(steps, generator))).item<double>();
        }

        Assert.True(adversarial > 2 * random, $"adversarial {adversarial}, random {random}");
    }

    private static (ComposedPerturbation Composed, SuperpixelScores Clean) Problem(Segmenter network, Tensor images, SpatialOptions motion)
    {
        var pooling = Scene.Pooling(images);
        return (new ComposedPerturbation(x => network.Train(x), images, pooling, Noise, motion), pooling.Score(network.Train(images)).Fixed());
    }
}
