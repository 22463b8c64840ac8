using InMARS.Stages.Learning;
using InMARS.Stages.Rivals;
using InMARS.Tests.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Rivals;

public class PseudoLabelsTests
{
    private static readonly DeepClusterOptions Options = new(Dimensions: 2);

    [Fact]
    public void Whitened_features_are_uncorrelated_and_of_length_1()
    {
        using var scope = NewDisposeScope();
        var points = Blobs(dimensions: 5);
        using var space = Whitening.Of(points, 5);

        var moved = (points - space.Mean).matmul(space.Projection);

        var covariance = moved.transpose(0, 1).matmul(moved) / points.shape[0];
        Assert.True(covariance.allclose(eye(5), 1e-3, 1e-3));
        Assert.True(space.Apply(points).norm(1).allclose(ones(points.shape[0])));
    }

    [Fact]
    public void The_components_of_greatest_variance_are_kept()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1, CPU);
        var points = randn([200, 3], generator: random) * tensor(new[] { 1f, 10f, 0.1f });

        using var space = Whitening.Of(points, 1);

        Assert.Equal([3, 1], space.Projection.shape);
        Assert.Equal(1, space.Projection.abs().argmax(0).item<long>());
    }

    [Fact]
    public void Points_that_are_all_the_same_are_no_reason_to_fail()
    {
        using var scope = NewDisposeScope();
        var sample = new LabelSample(ones(6, 4), [1, 1, 1, 1, 1, 1], [-1, -1, -1, -1, -1, -1]);

        using var labels = PseudoLabels.Fit(sample, Options, clusters: 3, seed: 1);

        Assert.InRange(labels.Of(ones(6, 4)).max().item<long>(), 0, 2);
        Assert.True(labels.Weights.isfinite().all().item<bool>());
    }

    [Fact]
    public void Separate_blobs_become_clusters_of_their_own()
    {
        using var scope = NewDisposeScope();
        var points = Blobs();

        using var labels = PseudoLabels.Fit(Sample(points, before: -1), Options, clusters: 3, seed: 1);

        var found = PseudoLabels.Numbers(labels.Of(points));
        Assert.Equal(3, found.Distinct().Count());
        Assert.All(found.Chunk(40), blob => Assert.Single(blob.Distinct()));
        Assert.Equal(0, labels.Kept);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Another_clustering_keeps_the_numbers(int seed)
    {
        using var scope = NewDisposeScope();
        var points = Blobs();
        using var first = PseudoLabels.Fit(Sample(points, before: -1), Options, clusters: 3, seed: 99);
        var before = PseudoLabels.Numbers(first.Of(points));

        using var second = PseudoLabels.Fit(Sample(points) with { Before = before }, Options, clusters: 3, seed);

        Assert.Equal(before, PseudoLabels.Numbers(second.Of(points)));
        Assert.Equal(1, second.Kept);
    }

    [Fact]
    public void Small_clusters_count_more_and_empty_ones_no_more_than_ten_times()
    {
        var weights = PseudoLabels.Evening([0, 1], [75, 25], 3);

        Assert.Equal([4f / 9, 4f / 3, 10], weights, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void The_loss_is_the_weighted_mean_of_the_cross_entropies()
    {
        using var scope = NewDisposeScope();
        var scores = new SuperpixelScores(tensor(new double[,] { { 0, 2, 1 }, { 1, 0, 1 } }), tensor(new[] { 0.5, 0.2, 0.3 }));

        var loss = DeepClusterObjective.CrossEntropy(scores, tensor(new long[] { 1, 0, 1 }), tensor(new[] { 3.0, 1.0 })).item<double>();

        double[] each = [Math.Log(1 + Math.Exp(-1)), Math.Log(1 + Math.Exp(-2)), Math.Log(2)];
        Assert.Equal(((0.5 * each[0]) + (0.6 * each[1]) + (0.3 * each[2])) / 1.4, loss, 1e-12);
    }

    [Fact]
    public void Recent_batches_give_back_what_they_took_and_forget_the_oldest()
    {
        using var scope = NewDisposeScope();
        using var batches = new RecentBatches(2);
        using var batch = Scene.Batch();
        _ = batches.Add(batch);
        _ = batches.Add(batch);

        var kept = batches.Add(batch);

        Assert.Equal(2, batches.All.Count);
        Assert.True(kept.Images(CPU).equal(batch.Pixels).all().item<bool>());
        Assert.True(kept.Pooling(CPU).Pixels.equal(batch.Superpixels.flatten()).all().item<bool>());
        Assert.Equal(Enumerable.Repeat(-1, batch.SuperpixelCount), kept.Clusters);
    }

    private static LabelSample Sample(Tensor points, int before = 0) =>
        new(points, [.. Enumerable.Repeat(4f, (int)points.shape[0])], [.. Enumerable.Repeat(before, (int)points.shape[0])]);

    /// <summary>Three blobs of 40 points each, far from each other.</summary>
    private static Tensor Blobs(int dimensions = 2)
    {
        using var random = new Generator(3, CPU);
        var middles = randn([3, 1, dimensions], generator: random) * 20;
        return (middles + randn([3, 40, dimensions], generator: random)).reshape(120, dimensions);
    }
}
