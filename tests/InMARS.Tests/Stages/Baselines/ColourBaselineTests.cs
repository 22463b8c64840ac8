using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Baselines;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Images;
using InMARS.Stages.Superpixels;
using InMARS.Stages.Synthesis;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Baselines;

public sealed class ColourBaselineTests : IDisposable
{
    private readonly FakeStageContext _context = new(epochs: 2);

    [Fact]
    public void It_emits_nothing_while_it_gathers_and_then_tells_colours_apart()
    {
        var state = new ColourBaseline.State(new ColourBaselineOptions(new KMeansOptions(2)), _context);
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
        var state = new ColourBaseline.State(new ColourBaselineOptions(new KMeansOptions(2), Sample: 10), _context);

        Step(state, Scenes(1)[0], epoch: 0);
        Step(state, Scenes(1)[0], epoch: 1);

        Assert.Equal("k-means: 2 colours fitted to 10 of 192 superpixels.", Assert.Single(_context.Logged).Message);
    }

    [Fact]
    public void Nothing_to_fit_to_is_told()
    {
        var state = new ColourBaseline.State(new ColourBaselineOptions(new KMeansOptions(2)), _context);

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

    public void Dispose() => _context.Dispose();

    private List<ushort[]> Clusters(List<SuperpixelMap> maps)
    {
        var state = new ColourBaseline.State(new ColourBaselineOptions(new KMeansOptions(3)), _context);
        maps.ForEach(map => Step(state, map, epoch: 0));
        return [.. maps.Select(map => Step(state, map, epoch: 1).Single().Clusters)];
    }

    private static IReadOnlyList<Prediction> Step(ColourBaseline.State state, SuperpixelMap map, int epoch) =>
        ColourBaseline.Step(state, map, new ItemContext(0, epoch, 1, 0)).Match(emitted => emitted, fault => throw new InvalidOperationException(fault.Message));

    private static SuperpixelMap RedAndBlue()
    {
        byte[] pixels = [200, 10, 10, 10, 10, 200, 190, 20, 20];
        return new SuperpixelMap(new RgbImage(default, 1, 3, 3, pixels, new LabelMap(1, 3, [0, 1, 0])), [0, 1, 2], 3);
    }

    private static List<SuperpixelMap> Scenes(int count) => [.. Enumerable.Range(0, count).Select(seed => SyntheticTiles.Cut((ulong)seed))];
}
