using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Images;
using InMARS.Stages.Learning;
using InMARS.Stages.Reports;
using InMARS.Stages.Superpixels;
using InMARS.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public sealed class SegmentationTests : IDisposable
{
    private static readonly SegmentOptions Options = new();
    private readonly FakeStageContext _context = new();

    public SegmentationTests()
    {
        using var network = Scene.DecidedNetwork(type: ScalarType.Float32);
        Checkpoint.Save(
            _context.PathInRun("checkpoints", "model.safetensors"), network.State, ModelCard.Of(new TrainingOptions(Scene.Clusters) { Network = Scene.SmallNetwork }, new InmarsOptions()));
    }

    public void Dispose() => _context.Dispose();

    [Fact]
    public void Each_image_of_a_mixed_list_gets_the_prediction_it_gets_alone()
    {
        var random = new Random(1);
        SuperpixelMap[] maps = [Scene.Halves("a", 24, random), Scene.Halves("b", 32, random), Scene.Halves("c", 24, random)];

        var together = Segment(Options, maps);

        Assert.Equal(["a", "b", "c"], together.Select(p => p.Origin.Key));
        Assert.All(together.Zip(maps), p => Assert.Equal(Segment(Options, p.Second)[0].Clusters, p.First.Clusters));
        Assert.All(together, p => Assert.Equal(Scene.Clusters, p.ClusterCount));
    }

    [Fact]
    public void Every_pixel_of_a_superpixel_has_its_cluster()
    {
        var map = Scene.Halves("a", 24, new Random(1));

        var prediction = Segment(Options, map)[0];

        Assert.All(map.Labels.Zip(prediction.Clusters).GroupBy(p => p.First), s => Assert.Single(s.Select(p => p.Second).Distinct()));
        Assert.True(prediction.Clusters.Distinct().Count() > 1);
    }

    [Fact]
    public void Pixels_are_painted_by_their_own_scores()
    {
        using var scope = NewDisposeScope();
        var map = Scene.Halves("a", 24, new Random(1));
        using var network = Checkpoint.Load(Checkpoint.Resolve(_context.Run.Directory), CPU);
        using var batch = ((Result<InMARS.Stages.Batching.ImageBatch>.Ok)InMARS.Stages.Batching.Collation.Collate([map])).Value;

        var prediction = Segment(Options with { Paint = Paint.Pixel }, map)[0];

        Assert.Equal(network.Apply(batch.Pixels).argmax(1).flatten().data<long>().ToArray(), prediction.Clusters.Select(c => (long)c));
    }

    [Theory]
    [InlineData(150, 230, 64, 32)]
    [InlineData(97, 131, 96, 40)]
    [InlineData(64, 301, 64, 30)]
    public void Tiles_give_the_scores_of_the_whole_image(int height, int width, int tile, int overlap)
    {
        using var scope = NewDisposeScope();
        var map = Scene.Halves("a", height, new Random(1), width: width);
        using var network = Scene.DecidedNetwork(type: ScalarType.Float32);
        using var batch = ((Result<InMARS.Stages.Batching.ImageBatch>.Ok)InMARS.Stages.Batching.Collation.Collate([map])).Value;
        var whole = network.Apply(batch.Pixels).squeeze(0);
        var (rows, worst) = (0L, 0.0);

        new TiledScores(network, (x, frame) => network.ApplyPart(x, frame), map.Image, tile, overlap).Read((y, logits) =>
        {
            Assert.Equal(rows, y);
            rows += logits.shape[1];
            worst = Math.Max(worst, (whole.narrow(1, y, logits.shape[1]) - logits).abs().max().item<float>());
        });

        Assert.Equal(height, rows);
        Assert.True(worst < 1e-3 * whole.abs().max().item<float>(), $"differs by {worst}");
    }

    [Theory]
    [InlineData(Paint.Pixel, PooledQuantity.Logits)]
    [InlineData(Paint.Superpixel, PooledQuantity.Logits)]
    [InlineData(Paint.Superpixel, PooledQuantity.Probabilities)]
    public void A_tiled_image_is_painted_as_the_whole_one(Paint paint, PooledQuantity pooling)
    {
        var map = Scene.Halves("a", 150, new Random(1), width: 230);

        var whole = Segment(Options with { Paint = paint, Pooling = pooling }, map)[0].Clusters;
        var tiled = Segment(Options with { Paint = paint, Pooling = pooling, Tile = 64, Overlap = 32 }, map)[0].Clusters;

        var differ = whole.Zip(tiled).Count(p => p.First != p.Second);
        Assert.True(differ <= whole.Length / 1000, $"{differ} pixels differ");
    }

    [Fact]
    public void What_is_pooled_decides_the_cluster_of_a_superpixel()
    {
        using var scope = NewDisposeScope();
        var map = Scene.Halves("a", 48, new Random(1));
        using var network = Checkpoint.Load(Checkpoint.Resolve(_context.Run.Directory), CPU);
        using var batch = ((Result<InMARS.Stages.Batching.ImageBatch>.Ok)InMARS.Stages.Batching.Collation.Collate([map])).Value;
        var pooling = SuperpixelPooling.Over(batch.Superpixels, map.Count) with { Quantity = PooledQuantity.Probabilities };
        var expected = pooling.Score(network.Apply(batch.Pixels)).Logits.argmax(0).data<long>().ToArray();

        var prediction = Segment(Options with { Pooling = PooledQuantity.Probabilities }, map)[0];

        Assert.Equal(map.Labels.Select(l => expected[l]), prediction.Clusters.Select(c => (long)c));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void The_size_of_a_batch_changes_no_prediction(int size)
    {
        var random = new Random(1);
        var maps = Enumerable.Range(0, 5).Select(i => Scene.Halves($"{i}", 24, random)).ToList();
        var alone = maps.SelectMany(m => Segment(Options, m)).SelectMany(p => p.Clusters);

        var batched = maps.Chunk(size).SelectMany(chunk => Segment(Options, chunk)).SelectMany(p => p.Clusters);

        Assert.Equal(alone, batched);
    }

    [Fact]
    public void Truth_and_image_stay_with_the_prediction()
    {
        var map = Scene.Halves("a", 24, new Random(1));
        var labelled = map with { Image = map.Image with { Truth = new LabelMap(24, 24, new ushort[24 * 24]) } };

        var prediction = Segment(Options, labelled)[0];

        Assert.Same(labelled.Image, prediction.Image);
        Assert.Same(labelled.Image.Truth, prediction.Truth);
    }

    [Fact]
    public void Other_bands_are_a_fault_that_names_the_image()
    {
        using var model = new Segmentation(Options, _context);
        var random = new Random(1);

        var outcome = model.Segment([Scene.Halves("a", 24, random), Scene.Halves("b", 24, random, bands: 4)]);

        Assert.Equal(
            new Fault("segment.bands", "the model takes images of 3 bands, but b has 4"),
            Assert.IsType<Result<IReadOnlyList<Prediction>>.Failed>(outcome).Fault);
    }

    [Fact]
    public void A_model_of_another_K_is_refused()
    {
        var error = Assert.Throws<RunException>(() => new Segmentation(Options with { Clusters = 5 }, _context));

        Assert.Equal(
            $"model of another K: '{Path.Combine(_context.Run.Directory, "checkpoints", "model.safetensors")}' has 3 clusters, but stage asks for 5",
            error.Message);
    }

    [Fact]
    public void A_missing_model_is_told_with_its_places()
    {
        var error = Assert.Throws<RunException>(() => new Segmentation(Options with { Model = "nowhere" }, _context));

        Assert.Equal("no model found at 'nowhere/model.safetensors' or 'nowhere/checkpoints/model.safetensors'", error.Message);
    }

    [Fact]
    public void One_cluster_everywhere_is_a_warning_at_the_end()
    {
        using var model = new Segmentation(Options, _context);
        _ = model.Segment([new SuperpixelMap(new RgbImage(new("scene", "flat"), 16, 16, 3, new byte[16 * 16 * 3]), new int[256], 1)]);

        model.Finish();

        Assert.Contains("has collapsed", Assert.Single(_context.Logged, l => l.Kind == "warning").Message, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(_context.Reports).Headline[0].Value);
    }

    [Fact]
    public void Names_and_colours_beside_the_model_go_with_its_predictions()
    {
        var legend = ClusterLegend.Default(Scene.Clusters) with { Clusters = [new("road", "#000001"), .. ClusterLegend.Default(Scene.Clusters).Clusters.Skip(1)] };
        legend.Save(_context.PathInRun("clusters.yaml"));

        Assert.Equal(legend.Text, Segment(Options, Scene.Halves("a", 24, new Random(1)))[0].Legend!.Text);
    }

    [Fact]
    public void A_run_that_predicts_with_a_model_of_another_gets_its_legend()
    {
        using var other = new FakeStageContext();
        new ClusterLegend([new("a", "#000001"), new("b", "#000002"), new("c", "#000003")]).Save(_context.PathInRun("clusters.yaml"));
        using var model = new Segmentation(Options with { Model = _context.Run.Directory }, other);

        model.Finish();

        Assert.Equal(File.ReadAllText(_context.PathInRun("clusters.yaml")), File.ReadAllText(other.PathInRun("clusters.yaml")));
    }

    [Fact]
    public void A_legend_of_another_K_is_refused()
    {
        var file = _context.PathInRun("clusters.yaml");
        ClusterLegend.Default(2).Save(file);

        Assert.Equal($"the legend '{file}' has 2 clusters, expected 3", Assert.Throws<RunException>(() => new Segmentation(Options, _context)).Message);
    }

    [Fact]
    public void Segmenting_leaves_no_tensors_behind()
    {
        using var model = new Segmentation(Options with { Tile = 64, Overlap = 16 }, _context);
        SuperpixelMap[] maps = [Scene.Halves("a", 24, new Random(1)), Scene.Halves("b", 100, new Random(1))];
        _ = model.Segment(maps);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        _ = model.Segment(maps);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void An_overlap_beyond_half_a_tile_is_a_configuration_error()
    {
        var map = new YamlDotNet.RepresentationModel.YamlMappingNode("tile", "128", "overlap", "100");

        var errors = Fields.Read(new ConfigNode(map, "with", new ConfigFile("run.yaml")), SegmentOptions.Read).ErrorsOrNone;

        Assert.Equal("expected at most half a tile of 128, found 100", Assert.Single(errors).Message);
    }

    private IReadOnlyList<Prediction> Segment(SegmentOptions options, params SuperpixelMap[] maps)
    {
        using var model = new Segmentation(options, _context);
        return Assert.IsType<Result<IReadOnlyList<Prediction>>.Ok>(model.Segment(maps)).Value;
    }
}
