using InMARS.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public class SpatialPerturbationTests
{
    private static readonly SpatialOptions Options = new();
    private static readonly SpatialOptions Bending = new() { Kind = WarpKind.Flow, Flow = new FlowFieldOptions(Grid: 4) };

    public static TheoryData<SpatialOptions> Motions => [Options, Bending];

    public static TheoryData<SpatialOptions> Searches => [Options, Options with { WorstOf = 3 }, Bending, Bending with { WorstOf = 3 }];

    [Fact]
    public void Images_without_an_up_turn_by_any_angle_and_keep_their_other_limits()
    {
        var limits = new SpatialOptions(Rotation: 15, Scale: 0.2, Shear: 3, Shift: 0.05) { Kind = WarpKind.Flow };

        Assert.Equal(new SpatialOptions(Rotation: 180, Scale: 0.2, Shear: 3, Shift: 0.05) { Kind = WarpKind.Affine }, limits.AnyWay);
    }

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
    public void The_slope_through_a_flow_and_the_way_back_is_that_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        using var network = Scene.DecidedNetwork();
        using var random = new Generator(6, CPU);
        var images = Scene.Images();
        var pooling = Scene.Pooling(images);
        var search = new SpatialPerturbation(x => network.Train(x), images, pooling, Bending);
        var clean = pooling.Score(network.Train(images)).Fixed();
        var steps = randn([2, 32], dtype: ScalarType.Float64, generator: random) * 0.4;

        var gradient = search.Gradient(clean, steps);

        Slopes.Agree(s => Divergence.Of(clean, search.Answer(s)), steps, gradient, step: 1e-7, tolerance: 1e-3);
    }

    [Theory]
    [MemberData(nameof(Motions))]
    public void Nothing_moved_is_nothing_lost(SpatialOptions motion)
    {
        using var scope = NewDisposeScope();
        using var network = Scene.DecidedNetwork();
        var images = Scene.Images();
        var pooling = Scene.Pooling(images);
        var clean = pooling.Score(network.Train(images)).Fixed();

        var perturbed = new SpatialPerturbation(x => network.Train(x), images, pooling, motion)
            .Answer(zeros(2, Warp.Of(motion, images).Parameters, dtype: ScalarType.Float64));

        Assert.Equal(0, Divergence.Of(clean, perturbed).item<double>(), 1e-12);
        Assert.Equal(0, Divergence.Flipped(clean, perturbed).item<double>());
    }

    [Theory]
    [MemberData(nameof(Motions))]
    public void A_flat_image_is_the_same_wherever_it_is_moved(SpatialOptions motion)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1, CPU);
        var images = full([2, 3, 16, 20], 0.4, dtype: ScalarType.Float64);
        var pooling = Scene.Pooling(images);
        var warp = Warp.Of(motion, images);
        var steps = warp.Limit(randn([2, warp.Parameters], dtype: ScalarType.Float64, generator: random) * 3);

        var perturbed = new SpatialPerturbation(x => x * 3, images, pooling, motion).Answer(steps);

        Assert.Equal(1.2, perturbed.Logits.min().item<double>(), 1e-9);
        Assert.Equal(1.2, perturbed.Logits.max().item<double>(), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Motions))]
    public void Answers_come_back_to_where_they_belong(SpatialOptions motion)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1, CPU);
        var images = Scene.Images(side: 32);
        var pooling = Scene.Pooling(images);
        var warp = Warp.Of(motion, images);
        var steps = warp.Limit(randn([2, warp.Parameters], dtype: ScalarType.Float64, generator: random));

        var perturbed = new SpatialPerturbation(x => x.clone(), images, pooling, motion).Answer(steps);

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
    public void Places_of_an_affine_map_are_those_of_torch()
    {
        using var scope = NewDisposeScope();
        var steps = tensor(new[] { 0.7, -0.4, 0.5, 0.6, -0.8, -0.2, 0.9, 0.1, -0.3, 0.4 }).view(2, 5);

        var (there, back) = new AffineWarp(Options, 7, 12).Grids(steps);

        var matrices = AffineWarp.Matrices(steps, Options, 7, 12);
        Assert.Equal(0, (there - Places(matrices)).abs().max().item<double>(), 1e-12);
        Assert.Equal(0, (back - Places(AffineWarp.Inverse(matrices))).abs().max().item<double>(), 1e-12);

        static Tensor Places(Tensor matrices) => nn.functional.affine_grid(matrices, [2, 1, 7, 12], align_corners: false);
    }

    [Fact]
    public void A_rotation_keeps_pixel_distances_in_an_image_that_is_not_square()
    {
        using var scope = NewDisposeScope();
        var steps = tensor(new[] { 1.0, 0, 0, 0, 0 }).view(1, 5);

        var m = AffineWarp.Matrices(steps, Options with { Rotation = 90 }, 50, 100).flatten().data<double>().ToArray();

        Assert.Equal([0, -0.5, 0, 2, 0, 0], m.Select(v => Math.Round(v, 12)));
    }

    [Fact]
    public void Labels_of_superpixels_move_with_the_image_and_come_back()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1, CPU);
        var images = Scene.Images(side: 32);
        var (labels, count) = Scene.Squares(images);
        var oneHot = nn.functional.one_hot(labels, count).permute(0, 3, 1, 2).to(ScalarType.Float64);
        var steps = randn([2, 32], dtype: ScalarType.Float64, generator: random).clamp(-1, 1);

        var perturbed = new SpatialPerturbation(x => x.clone(), oneHot, Scene.Pooling(images), Bending).Answer(steps);

        var known = perturbed.Weights > 0;
        Assert.True(known.to(ScalarType.Float64).mean().item<double>() > 0.9);
        Assert.True(perturbed.Logits.argmax(0).eq(arange(count, ScalarType.Int64)).masked_select(known).all().item<bool>());
    }

    [Theory]
    [MemberData(nameof(Searches))]
    public void Adversarial_motion_moves_answers_further_than_random_motion(SpatialOptions motion)
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
            var search = new SpatialPerturbation(x => network.Train(x), images, pooling, motion);
            var found = search.Find(clean, generator);
            adversarial += Divergence.Of(clean, search.Answer(found)).item<double>();
            random += Divergence.Of(clean, search.Answer(Scene.Random(found, generator))).item<double>();
        }

        Assert.True(adversarial > 1.3 * random, $"adversarial {adversarial}, random {random}");
    }

    [Theory]
    [MemberData(nameof(Searches))]
    public void Parameters_stay_within_their_limits(SpatialOptions motion)
    {
        using var scope = NewDisposeScope();
        using var network = Scene.DecidedNetwork();
        using var random = new Generator(4, CPU);
        var images = Scene.Images();
        var pooling = Scene.Pooling(images);
        var search = new SpatialPerturbation(x => network.Train(x), images, pooling, motion);

        var steps = search.Find(pooling.Score(network.Train(images)).Fixed(), random);

        Assert.True(steps.abs().max().item<double>() <= 1 + 1e-12);
        Assert.True(steps.norm(1, keepdim: false, p: 2).min().item<double>() > 0.5);
        Assert.False(steps.requires_grad);
    }

    private static Tensor Square(Tensor matrices) =>
        cat([matrices.squeeze(0), tensor(new[] { 0.0, 0, 1 }).view(1, 3)]);
}
