using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Baselines;
using InMARS.Stages.Batching;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Images;
using InMARS.Stages.Learning;
using InMARS.Stages.Superpixels;
using InMARS.Stages.Synthesis;
using InMARS.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Baselines;

public sealed class KMeansBaselineTests : IDisposable
{
    private static readonly NetworkOptions Small = new(Width: 4, Pools: 1, Depth: 1);
    private static readonly KMeansBaselineOptions Network = new(new KMeansOptions(3), Features: BaselineFeatures.Network) { Network = Small };
    private readonly FakeStageContext _context = new(epochs: 2);

    [Fact]
    public void It_emits_nothing_while_it_gathers_and_then_tells_colours_apart()
    {
        using var state = new KMeansBaseline.State(new KMeansBaselineOptions(new KMeansOptions(2)), _context);
        var map = RedAndBlue();

        var first = Step(state, map, epoch: 0);
        var second = Step(state, map, epoch: 1);

        Assert.Empty(first);
        var prediction = Assert.Single(second);
        Assert.Equal(2, prediction.ClusterCount);
        Assert.Equal(prediction.Clusters[0], prediction.Clusters[2]);
        Assert.NotEqual(prediction.Clusters[0], prediction.Clusters[1]);
        Assert.Same(map.Image.Truth, prediction.Truth);
    }

    [Fact]
    public void It_gives_the_same_clusters_again_with_the_same_seed() =>
        Assert.Equal(Clusters(Scenes(3)), Clusters(Scenes(3)));

    [Fact]
    public void It_fits_to_no_more_superpixels_than_asked()
    {
        using var state = new KMeansBaseline.State(new KMeansBaselineOptions(new KMeansOptions(2), Sample: 10), _context);

        Step(state, Scenes(1)[0], epoch: 0);
        Step(state, Scenes(1)[0], epoch: 1);

        Assert.Equal("k-means: 2 colours fitted to 10 of 192 superpixels.", Assert.Single(_context.Logged).Message);
    }

    [Fact]
    public void Nothing_to_fit_to_is_told()
    {
        using var state = new KMeansBaseline.State(new KMeansBaselineOptions(new KMeansOptions(2)), _context);

        Assert.Throws<RunException>(() => Step(state, RedAndBlue(), epoch: 1));
    }

    [Fact]
    public void It_does_badly_on_synthetic_scenes()
    {
        var counts = new ConfusionMatrix(3, 3);
        var scenes = Scenes(40);
        foreach (var (clusters, scene) in Clusters(scenes).Zip(scenes))
        {
            counts.Add(clusters, scene.Image.Truth!.Ids);
        }

        Assert.InRange(Scores.Of(counts).OneToOne.Accuracy, 0.33, 0.6);
    }

    [Fact]
    public void Features_of_a_network_are_those_the_learner_starts_from()
    {
        using var scope = NewDisposeScope();
        using var features = new UntrainedFeatures(Small, _context.Run);
        using var learner = new Segmenter(Small, clusters: 5, overclusters: 2, seed: 7, CPU);
        var map = Scenes(1)[0];
        using var batch = Collation.Collate([map]).Match(b => b, fault => throw new InvalidOperationException(fault.Message));

        var found = features.Of(map).Match(f => f, fault => throw new InvalidOperationException(fault.Message));

        var expected = SuperpixelPooling.Over(batch.Superpixels, map.Count).Mean(learner.Enlarge(learner.Run(batch.Pixels, (layer, x) => layer.Apply(x)), batch.Pixels));
        Assert.Equal(Small.Features, features.Dimensions);
        Assert.True(tensor(found).view(map.Count, -1).transpose(0, 1).allclose(expected.detach(), 1e-4, 1e-5));
    }

    [Fact]
    public void Features_of_a_network_are_clustered_and_the_network_is_given_back()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var maps = Scenes(2);
        using (var state = new KMeansBaseline.State(Network, _context))
        {
            maps.ForEach(map => Step(state, map, epoch: 0));

            Assert.All(maps, map => Assert.Equal(3, Step(state, map, epoch: 1).Single().Clusters.Distinct().Count()));
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal("k-means: 3 vectors of an untrained network fitted to 384 of 384 superpixels.", Assert.Single(_context.Logged).Message);
    }

    [Fact]
    public void Images_of_other_bands_than_the_network_are_a_fault()
    {
        using var state = new KMeansBaseline.State(Network with { Network = Small with { Bands = 4 } }, _context);

        var fault = Assert.IsType<Result<IReadOnlyList<Prediction>>.Failed>(KMeansBaseline.Step(state, Scenes(1)[0], new ItemContext(0, 0, 1, 0))).Fault;

        Assert.Equal(new Fault("kmeans.bands", "expected images of 4 bands, as network.bands says, found 3"), fault);
    }

    [Theory]
    [InlineData(BaselineFeatures.Colour, null, 200_000)]
    [InlineData(BaselineFeatures.Network, null, 20_000)]
    [InlineData(BaselineFeatures.Network, 70_000, 70_000)]
    public void The_sample_of_long_features_is_smaller_unless_told(BaselineFeatures features, int? sample, int most) =>
        Assert.Equal(most, new KMeansBaselineOptions(new KMeansOptions(2), sample, features).Most);

    public void Dispose() => _context.Dispose();

    private List<ushort[]> Clusters(List<SuperpixelMap> maps)
    {
        using var state = new KMeansBaseline.State(new KMeansBaselineOptions(new KMeansOptions(3)), _context);
        maps.ForEach(map => Step(state, map, epoch: 0));
        return [.. maps.Select(map => Step(state, map, epoch: 1).Single().Clusters)];
    }

    private static IReadOnlyList<Prediction> Step(KMeansBaseline.State state, SuperpixelMap map, int epoch) =>
        KMeansBaseline.Step(state, map, new ItemContext(0, epoch, 1, 0)).Match(emitted => emitted, fault => throw new InvalidOperationException(fault.Message));

    private static SuperpixelMap RedAndBlue()
    {
        byte[] pixels = [200, 10, 10, 10, 10, 200, 190, 20, 20];
        return new SuperpixelMap(new RgbImage(default, 1, 3, 3, pixels, new LabelMap(1, 3, [0, 1, 0])), [0, 1, 2], 3);
    }

    private static List<SuperpixelMap> Scenes(int count) => [.. Enumerable.Range(0, count).Select(seed => SyntheticTiles.Cut((ulong)seed))];
}
