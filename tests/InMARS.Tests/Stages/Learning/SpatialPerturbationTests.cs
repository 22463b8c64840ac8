using InMARS.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public class SpatialPerturbationTests
{
    private static readonly SpatialOptions Options = new();

    [Fact]
    public void The_slope_through_both_warps_is_that_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        using var network = Scene.DecidedNetwork();
        var images = Scene.Images();
        var pooling = Scene.Pooling(images);
        var search = new SpatialPerturbation(x => network.Train(x), images, pooling, Options);
        var clean = pooling.Score(network.Train(images)).Fixed();
        var steps = tensor(new[] { 0.313, -0.217, 0.431, 0.123, -0.377, -0.291, 0.173, 0.237, -0.411, 0.219 }).view(2, 5);

        var gradient = search.Gradient(clean, steps);

        Slopes.Agree(s => Divergence.Of(clean, search.Answer(s)), steps, gradient, step: 1e-7, tolerance: 1e-3);
    }

    [Fact]
    public void Nothing_moved_is_nothing_lost()
    {
        using var scope = NewDisposeScope();
        using var network = Scene.DecidedNetwork();
        var images = Scene.Images();
        var pooling = Scene.Pooling(images);
        var clean = pooling.Score(network.Train(images)).Fixed();

        var perturbed = new SpatialPerturbation(x => network.Train(x), images, pooling, Options).Answer(zeros(2, 5, dtype: ScalarType.Float64));

        Assert.Equal(0, Divergence.Of(clean, perturbed).item<double>(), 1e-12);
        Assert.Equal(0, Divergence.Flipped(clean, perturbed).item<double>());
    }

    [Fact]
    public void A_flat_image_is_the_same_wherever_it_is_moved()
    {
        using var scope = NewDisposeScope();
        var images = full([2, 3, 16, 20], 0.4, dtype: ScalarType.Float64);
        var pooling = Scene.Pooling(images);
        var steps = tensor(new[] { 1, -1, 1, 1.0, 1, -1, 1, -1, 0.5, -1 }).view(2, 5);

        var perturbed = new SpatialPerturbation(x => x * 3, images, pooling, Options).Answer(steps);

        Assert.Equal(1.2, perturbed.Logits.min().item<double>(), 1e-9);
        Assert.Equal(1.2, perturbed.Logits.max().item<double>(), 1e-9);
    }

    [Fact]
    public void Answers_come_back_to_where_they_belong()
    {
        using var scope = NewDisposeScope();
        var images = Scene.Images(side: 32);
        var pooling = Scene.Pooling(images);
        var steps = tensor(new[] { 0.7, -0.4, 0.5, 0.6, -0.8, -0.9, 0.8, -0.3, 0.2, 0.9 }).view(2, 5);

        var perturbed = new SpatialPerturbation(x => x.clone(), images, pooling, Options).Answer(steps);

        var counts = (perturbed.Weights > 0).to(ScalarType.Float64);
        var error = ((perturbed.Logits - pooling.Mean(images)).abs() * counts).max().item<double>();
        Assert.True(counts.mean().item<double>() > 0.5);
        Assert.True(error < 0.08, $"error {error}");
    }

    [Fact]
    public void An_inverse_undoes_its_map()
    {
        using var scope = NewDisposeScope();
        var steps = tensor(new[] { 0.7, -0.4, 0.5, 0.6, -0.8 }).view(1, 5);
        var there = AffineWarp.Matrices(steps, Options, 96, 128);
        var back = AffineWarp.Inverse(there);

        var product = Square(there).matmul(Square(back));

        Assert.Equal(0, (product - eye(3, dtype: ScalarType.Float64)).abs().max().item<double>(), 1e-12);
    }

    [Fact]
    public void A_rotation_keeps_pixel_distances_in_an_image_that_is_not_square()
    {
        using var scope = NewDisposeScope();
        var steps = tensor(new[] { 1.0, 0, 0, 0, 0 }).view(1, 5);

        var m = AffineWarp.Matrices(steps, Options with { Rotation = 90 }, 50, 100).flatten().data<double>().ToArray();

        Assert.Equal([0, -0.5, 0, 2, 0, 0], m.Select(v => Math.Round(v, 12)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Adversarial_motion_moves_answers_further_than_random_motion(int worstOf)
    {
        using var scope = NewDisposeScope();
        var (adversarial, random) = (0.0, 0.0);
        for (ulong seed = 0; seed < 8; seed++)
        {
            using var network = Scene.DecidedNetwork(seed);
            using var generator = new Generator(seed, CPU);
            var images = Scene.Images(side: 24, seed: seed);
            var pooling = Scene.Pooling(images);
            var clean = pooling.Score(network.Train(images)).Fixed();
            var search = new SpatialPerturbation(x => network.Train(x), images, pooling, Options with { WorstOf = worstOf });
            var found = search.Find(clean, generator);
            var drawn = randn([2, 5], dtype: ScalarType.Float64, generator: generator);
            drawn = drawn / drawn.norm(1, keepdim: true, p: 2) * found.norm(1, keepdim: true, p: 2);
            adversarial += Divergence.Of(clean, search.Answer(found)).item<double>();
            random += Divergence.Of(clean, search.Answer(drawn.clamp(-1, 1))).item<double>();
        }

        Assert.True(adversarial > random, $"adversarial {adversarial}, random {random}");
    }

    [Fact]
    public void Parameters_stay_within_their_limits()
    {
        using var scope = NewDisposeScope();
        using var network = Scene.DecidedNetwork();
        using var random = new Generator(4, CPU);
        var images = Scene.Images();
        var pooling = Scene.Pooling(images);
        var search = new SpatialPerturbation(x => network.Train(x), images, pooling, Options);

        var steps = search.Find(pooling.Score(network.Train(images)).Fixed(), random);

        Assert.True(steps.abs().max().item<double>() <= 1);
        Assert.True(steps.norm(1, keepdim: false, p: 2).min().item<double>() > 0.5);
        Assert.False(steps.requires_grad);
    }

    private static Tensor Square(Tensor matrices) =>
        cat([matrices.squeeze(0), tensor(new[] { 0.0, 0, 1 }).view(1, 3)]);
}
