using InMARS.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public class PhotometricNoiseTests
{
    private static readonly PhotometricOptions Options = new();

    [Fact]
    public void The_slope_in_the_noise_is_that_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        using var network = Scene.DecidedNetwork();
        using var random = new Generator(2, CPU);
        var (images, answer) = Problem(network);
        var clean = answer(images).Fixed();
        var offset = randn(images.shape, dtype: ScalarType.Float64, generator: random) * 0.02;

        var gradient = PhotometricNoise.Gradient(answer, clean, images, offset);

        Slopes.Agree(r => Divergence.Of(clean, answer(images + r)), offset, gradient, tolerance: 1e-3);
    }

    [Theory]
    [InlineData(NoiseNorm.L2)]
    [InlineData(NoiseNorm.LInfinity)]
    public void Noise_has_the_radius_it_was_asked_for(NoiseNorm norm)
    {
        using var scope = NewDisposeScope();
        using var network = Scene.DecidedNetwork();
        using var random = new Generator(2, CPU);
        var (images, answer) = Problem(network);

        var noise = PhotometricNoise.Find(answer, answer(images).Fixed(), images, Options with { Norm = norm, Radius = 0.02 }, random);

        var rms = noise.square().mean([1L, 2L, 3L]).sqrt();
        Assert.All(rms.data<double>().ToArray(), r => Assert.Equal(0.02, r, 1e-6));
    }

    [Theory]
    [InlineData(NoiseNorm.L2, 3)]
    [InlineData(NoiseNorm.LInfinity, 3)]
    public void Adversarial_noise_moves_answers_further_than_random_noise_of_the_same_length(NoiseNorm norm, double times)
    {
        using var scope = NewDisposeScope();
        var (adversarial, random) = (0.0, 0.0);
        for (ulong seed = 0; seed < 8; seed++)
        {
            using var network = Scene.DecidedNetwork(seed);
            using var generator = new Generator(seed, CPU);
            var (images, answer) = Problem(network);
            var clean = answer(images).Fixed();
            var found = PhotometricNoise.Find(answer, clean, images, Options with { Norm = norm }, generator);
            var drawn = randn(images.shape, dtype: ScalarType.Float64, generator: generator);
            drawn = norm == NoiseNorm.LInfinity ? drawn.sign() : drawn;
            drawn = drawn / drawn.square().mean([1L, 2L, 3L], keepdim: true).sqrt() * Options.Radius;
            adversarial += Divergence.Of(clean, answer(images + found)).item<double>();
            random += Divergence.Of(clean, answer(images + drawn)).item<double>();
        }

        Assert.True(adversarial > times * random, $"adversarial {adversarial}, random {random}");
    }

    [Fact]
    public void Without_noise_nothing_diverges()
    {
        using var scope = NewDisposeScope();
        using var network = Scene.DecidedNetwork();
        var (images, answer) = Problem(network);

        Assert.Equal(0, Divergence.Of(answer(images).Fixed(), answer(images)).item<double>(), 1e-12);
    }

    [Fact]
    public void The_search_leaves_no_gradient_in_the_network()
    {
        using var scope = NewDisposeScope();
        using var network = Scene.DecidedNetwork();
        using var random = new Generator(2, CPU);
        var (images, answer) = Problem(network);

        var noise = PhotometricNoise.Find(answer, answer(images).Fixed(), images, Options, random);

        Assert.False(noise.requires_grad);
        Assert.All(network.Parameters, p => Assert.Null(p.grad));
    }

    private static (Tensor Images, Func<Tensor, SuperpixelScores> Answer) Problem(Segmenter network)
    {
        var images = Scene.Images();
        var pooling = Scene.Pooling(images);
        return (images, x => pooling.Score(network.Train(x)));
    }
}
