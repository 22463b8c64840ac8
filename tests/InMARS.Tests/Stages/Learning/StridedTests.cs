using InMARS.Stages.Images;
using InMARS.Stages.Learning;
using InMARS.Stages.Superpixels;
using InMARS.Tests.Stages.Images;
using InMARS.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public sealed class StridedTests : IDisposable
{
    private static readonly NetworkOptions Small = NetworkOptions.Strided(width: 4, depth: 1);
    private readonly FakeStageContext _context = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public void Its_layers_are_those_asked_for()
    {
        var options = NetworkOptions.Strided();

        Assert.Equal([5, 32, 64, 96, 96], options.Layers.Select(l => l.Inputs));
        Assert.Equal([32, 64, 96, 96, 96], options.Layers.Select(l => l.Outputs));
        Assert.Equal([4, 4, 3, 3, 3], options.Layers.Select(l => l.Kernel));
        Assert.Equal([1, 1, 1, 2, 2], options.Layers.Select(l => l.Dilation));
        Assert.Equal(4, options.Stride);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 20)]
    [InlineData(17, 23)]
    [InlineData(18, 9)]
    public void Every_pixel_of_any_size_gets_a_score(int height, int width)
    {
        using var scope = NewDisposeScope();
        using var network = new Segmenter(Small, 5, 0, 1, CPU);

        Assert.Equal([2, 5, height, width], network.Apply(rand(2, 3, height, width)).shape);
        Assert.Equal([2, 5, (height + 3) / 4, (width + 3) / 4], network.TrainCells(rand(2, 3, height, width)).shape);
    }

    [Fact]
    public void Its_layers_are_those_of_plain_calls()
    {
        using var scope = NewDisposeScope();
        using var network = new Segmenter(NetworkOptions.Strided(4, width: 4, sobel: false), 3, 0, 1, CPU);
        var weights = network.State.ToDictionary(s => s.Name, s => s.Value);
        var images = rand(1, 4, 24, 20);

        var x = Layer(Layer(images - 0.45, 0, 2, 1, 1), 1, 2, 1, 1);
        x = Layer(Layer(Layer(x, 2, 1, 1, 1), 3, 1, 2, 2), 4, 1, 2, 2);
        var scores = nn.functional.conv2d(x, weights["head.weight"], weights["head.bias"]);
        var expected = nn.functional.interpolate(scores, [24, 20], mode: InterpolationMode.Bilinear, align_corners: false);

        Assert.Equal(0, (expected - network.Apply(images)).abs().max().item<float>(), 1e-5);

        Tensor Layer(Tensor y, int i, long stride, long padding, long dilation) => nn.functional.relu(nn.functional.batch_norm(
            nn.functional.conv2d(
                nn.functional.pad(y, [padding, padding, padding, padding], PaddingModes.Reflect),
                weights[$"trunk.{i}.conv.weight"],
                strides: [stride, stride],
                dilation: [dilation, dilation]),
            zeros(weights[$"trunk.{i}.conv.weight"].shape[0]),
            ones(weights[$"trunk.{i}.conv.weight"].shape[0]),
            eps: 1e-5));
    }

    [Fact]
    public void Its_first_weights_have_the_variance_of_He_by_fan_in()
    {
        using var scope = NewDisposeScope();
        using var network = new Segmenter(NetworkOptions.Strided(width: 64), 5, 0, 1, CPU);

        foreach (var (name, fan) in new[] { ("trunk.1.conv.weight", 64 * 16), ("trunk.2.conv.weight", 128 * 9) })
        {
            Assert.Equal(1, network.State.Single(s => s.Name == name).Value.std().item<float>() / Math.Sqrt(2.0 / fan), 0.02);
        }
    }

    [Fact]
    public void An_image_turned_over_gets_its_scores_turned_over_by_weights_turned_over()
    {
        using var scope = NewDisposeScope();
        using var network = Decided();
        using var mirrored = Decided();
        var images = rand(1, 3, 16, 24);
        Mirror(mirrored);

        var expected = network.Apply(images).flip(3);

        Assert.Equal(0, (expected - mirrored.Apply(images.flip(3))).abs().max().item<float>(), 1e-4 * expected.abs().max().item<float>());
    }

    [Theory]
    [InlineData(150, 230, 108, 52)]
    [InlineData(97, 131, 106, 52)]
    [InlineData(63, 301, 110, 54)]
    public void Tiles_give_the_scores_of_the_whole_image(int height, int width, int tile, int overlap)
    {
        using var scope = NewDisposeScope();
        var map = Scene.Halves("a", height, new Random(1), width: width);
        using var network = Decided();
        using var batch = Assert.IsType<InMARS.Pipeline.Outcomes.Result<InMARS.Stages.Batching.ImageBatch>.Ok>(InMARS.Stages.Batching.Collation.Collate([map])).Value;
        var whole = network.Apply(batch.Pixels).squeeze(0);
        var (rows, worst) = (0L, 0.0);

        new TiledScores(network, (x, frame) => network.ApplyPart(x, frame), map.Image, tile, overlap).Read((y, logits) =>
        {
            rows += logits.shape[1];
            worst = Math.Max(worst, (whole.narrow(1, y, logits.shape[1]) - logits).abs().max().item<float>());
        });

        Assert.Equal(height, rows);
        Assert.True(worst < 1e-3 * whole.abs().max().item<float>(), $"differs by {worst}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Pixels_beyond_its_reach_change_nothing(int depth)
    {
        using var scope = NewDisposeScope();
        using var network = Decided(depth);
        var reach = network.Options.Reach;
        var images = rand(1, 3, 8, 4 * reach);
        for (var place = 2 * reach; place < (2 * reach) + 4; place++)
        {
            var changed = images.clone();
            changed.narrow(3, place, 1).zero_();

            var difference = (network.Apply(images) - network.Apply(changed)).abs().amax([0, 1, 2]);

            Assert.True(difference[place].item<float>() > 0);
            Assert.Equal(0, difference.narrow(0, 0, place - reach).max().item<float>());
            Assert.Equal(0, difference.narrow(0, place + reach + 1, (4 * reach) - place - reach - 1).max().item<float>());
        }
    }

    [Fact]
    public void Its_checkpoint_reads_back()
    {
        using var scope = NewDisposeScope();
        var options = new TrainingOptions(3) { Network = Small };
        using var network = Decided();
        Checkpoint.Save(_context.PathInRun("checkpoints", "model.safetensors"), network.State, ModelCard.Of(options, new InmarsOptions()));

        using var read = Checkpoint.Load(Checkpoint.Resolve(_context.Run.Directory), CPU);

        var images = rand(1, 3, 21, 18);
        Assert.Equal(Small, read.Options);
        Assert.Equal(0, (network.Apply(images) - read.Apply(images)).abs().max().item<float>());
        Assert.Contains("\"kind\": \"strided\"", File.ReadAllText(_context.PathInRun("checkpoints", "model.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void It_learns(int step)
    {
        var training = new TrainingOptions(Scene.Clusters) { Network = Small, LearningRate = 0.01 };
        using var learner = LearningEntries.Open(new LearnerOptions(training, new InmarsOptions { PoolStride = step }), _context);
        using var batch = Scene.Batch();

        var reports = Lessons.Train(learner, batch, from: 0, count: 60, total: 60);

        Assert.All(reports, r => Assert.True(double.IsFinite(r.Loss)));
        Assert.True(reports[^1].MutualInformation > reports[0].MutualInformation + 0.1, $"{reports[0].MutualInformation} to {reports[^1].MutualInformation}");
    }

    [Fact]
    public void Its_width_and_depth_may_be_chosen_and_poolings_not()
    {
        Assert.Equal(NetworkOptions.Strided() with { Height = HeightInput.Auto }, Pictures.Read("clusters: 3\nnetwork: { kind: strided }", LearnerOptions.Read).Training.Network);
        Assert.Equal(NetworkOptions.Strided(4, 8, 1) with { Height = HeightInput.Auto }, Pictures.Read("clusters: 3\nnetwork: { kind: strided, bands: 4, width: 8, depth: 1 }", LearnerOptions.Read).Training.Network);
        Assert.Equal(
            ["run.yaml:2:34: with.network.pools: strided halves twice by strides and has no poolings; leave this key out"],
            Pictures.Errors("clusters: 3\nnetwork: { kind: strided, pools: 2 }", LearnerOptions.Read));
    }

    [Fact]
    public void Answers_are_read_at_every_second_or_fourth_pixel_or_at_all()
    {
        Assert.Equal(2, Pictures.Read("clusters: 3", LearnerOptions.Read).Objective.PoolStride);
        Assert.Equal(4, Pictures.Read("clusters: 3\npool_stride: 4", LearnerOptions.Read).Objective.PoolStride);
        Assert.Equal(["run.yaml:2:14: with.pool_stride: expected 1 or 2 or 4, found '3'; did you mean '1'?"], Pictures.Errors("clusters: 3\npool_stride: 3", LearnerOptions.Read));
    }

    private static Segmenter Decided(int depth = 1)
    {
        var network = new Segmenter(Small with { Depth = depth }, Scene.Clusters, 0, 3, CPU);
        using var _ = no_grad();
        network.State.Single(s => s.Name == "head.weight").Value.mul_(60);
        return network;
    }

    /// <summary>Turns all kernels over from left to right; Sobel's edges across change their sign.</summary>
    private static void Mirror(Segmenter network)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (_, weight) in network.State.Where(s => s.Name.EndsWith("conv.weight", StringComparison.Ordinal)))
        {
            weight.copy_(weight.flip(3));
        }

        network.State.Single(s => s.Name == "trunk.0.conv.weight").Value.narrow(1, 3, 1).neg_();
    }
}
