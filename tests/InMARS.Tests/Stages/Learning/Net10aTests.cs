using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;
using InMARS.Stages.Learning;
using InMARS.Stages.Superpixels;
using InMARS.Tests.Stages.Images;
using InMARS.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public sealed class Net10aTests : IDisposable
{
    private readonly FakeStageContext _context = new();

    public void Dispose() => _context.Dispose();

    [Theory]
    [InlineData(4, false, 6, 36, 4_499_712 + 3_456 + (512 * 42))]
    [InlineData(3, true, 3, 0, 4_500_288 + 3_456 + (512 * 3))]
    public void It_has_the_weights_of_the_published_network(int bands, bool sobel, int clusters, int overclusters, long expected)
    {
        using var network = new Segmenter(NetworkOptions.Net10a(bands, sobel), clusters, overclusters, 1, CPU);

        Assert.Equal(expected, network.Parameters.Sum(p => p.numel()));
        Assert.DoesNotContain(network.State, s => s.Name.EndsWith("head.bias", StringComparison.Ordinal) || s.Name.EndsWith("conv.bias", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(128, 128, 128, 64, 64, 62, 60, 62)]
    [InlineData(200, 200, 200, 100, 100, 98, 96, 98)]
    public void Its_layers_have_the_published_sizes(int side, params int[] expected)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1, CPU);
        var options = NetworkOptions.Net10a();
        var x = rand(1, 2, side, side);
        List<int> sizes = [];

        foreach (var shape in options.Layers)
        {
            using var layer = new ConvolutionLayer(shape with { Inputs = 2, Outputs = 2 }, random, CPU, ScalarType.Float32);
            x = layer.Apply(shape.Level == 1 && x.shape[2] == side ? nn.functional.max_pool2d(x, 2) : x);
            sizes.Add((int)x.shape[2]);
        }

        using var head = new Head(options.Head(3) with { Features = 2 }, random, CPU, ScalarType.Float32);
        sizes.Add((int)head.Apply(x).shape[3]);

        Assert.Equal(expected, sizes);
    }

    [Fact]
    public void Its_scores_are_stretched_to_the_size_of_the_image()
    {
        using var scope = NewDisposeScope();
        using var network = new Segmenter(NetworkOptions.Net10a(4, sobel: false), 6, 36, 1, CPU);

        Assert.Equal([1, 6, 64, 80], network.Apply(rand(1, 4, 64, 80)).shape);
        Assert.Equal([1, 42, 31, 33], network.Train(rand(1, 4, 31, 33)).shape);
    }

    [Fact]
    public void Its_layers_are_those_of_plain_calls()
    {
        using var scope = NewDisposeScope();
        using var network = new Segmenter(NetworkOptions.Net10a(4, sobel: false), 6, 0, 1, CPU);
        var weights = network.State.ToDictionary(s => s.Name, s => s.Value);
        var images = rand(1, 4, 24, 20);

        var x = Layer(Layer(images, 0, 1), 1, 1);
        x = Layer(Layer(nn.functional.max_pool2d(x, 2), 2, 1), 3, 1);
        x = Layer(Layer(x, 4, 2), 5, 2);
        var scores = nn.functional.conv2d(nn.functional.pad(x, [1, 1, 1, 1]), weights["head.weight"]);
        var expected = nn.functional.interpolate(scores, [24, 20], mode: InterpolationMode.Bilinear, align_corners: false);

        Assert.Equal(0, (expected - network.Apply(images)).abs().max().item<float>(), 1e-5);

        Tensor Layer(Tensor y, int i, long dilation) => nn.functional.relu(nn.functional.batch_norm(
            nn.functional.conv2d(y, weights[$"trunk.{i}.conv.weight"], padding: [1, 1], dilation: [dilation, dilation]),
            zeros(weights[$"trunk.{i}.conv.weight"].shape[0]),
            ones(weights[$"trunk.{i}.conv.weight"].shape[0]),
            eps: 1e-5));
    }

    [Fact]
    public void Its_first_weights_have_the_variance_of_He_by_fan_in()
    {
        using var network = new Segmenter(NetworkOptions.Net10a(), 64, 0, 1, CPU);

        foreach (var (name, fan) in new[] { ("trunk.1.conv.weight", 64 * 9), ("trunk.5.conv.weight", 512 * 9), ("head.weight", 512) })
        {
            using var scope = NewDisposeScope();
            Assert.Equal(1, network.State.Single(s => s.Name == name).Value.std().item<float>() / Math.Sqrt(2.0 / fan), 0.02);
        }
    }

    [Fact]
    public void Zeros_surround_its_edges_and_its_bands_come_first()
    {
        using var scope = NewDisposeScope();
        using var edges = new EdgeFilter(CPU, ScalarType.Float32, zeroBorder: true);

        var found = edges.Apply(ones(1, 3, 3, 4));

        Assert.Equal([-3f, 0f, 0f, 3f], Row(found[0, 0, 0]));
        Assert.Equal([-4f, 0f, 0f, 4f], Row(found[0, 0, 1]));
        Assert.Equal([-3f, -4f, -4f, -3f], Row(found[0, 1, 0]));
        Assert.Equal([0f, 0f, 0f, 0f], Row(found[0, 1, 1]));
        Assert.Equal(5, NetworkOptions.Net10a(3).Layers[0].Inputs);

        static float[] Row(Tensor row) => [.. row.data<float>().ToArray().Select(v => MathF.Round(v, 4) + 0f)];
    }

    [Fact]
    public void Its_checkpoint_reads_back()
    {
        using var scope = NewDisposeScope();
        var options = new TrainingOptions(3) { Network = NetworkOptions.Net10a(4, sobel: false) };
        using var network = new Segmenter(options.Network, 3, 0, 1, CPU);
        Checkpoint.Save(_context.PathInRun("checkpoints", "model.safetensors"), network.State, ModelCard.Of(options, new InmarsOptions()));

        using var read = Checkpoint.Load(Checkpoint.Resolve(_context.Run.Directory), CPU);

        var images = rand(1, 4, 20, 20);
        Assert.Equal(options.Network, read.Options);
        Assert.Equal(0, (network.Apply(images) - read.Apply(images)).abs().max().item<float>());
        Assert.Contains("\"kind\": \"net10a\"", File.ReadAllText(_context.PathInRun("checkpoints", "model.json")), StringComparison.Ordinal);
        Assert.Contains("\"centre\": 0\n", File.ReadAllText(_context.PathInRun("checkpoints", "model.json")).ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, 65, "segment.too_large", "the net10a network stretches its scores to the size of the image, so that tiles would not agree; big is 65 x 64, expected at most 64 (tile): crop images to the size that was trained on")]
    [InlineData(9, 30, "segment.too_small", "the model takes images of 10 x 10 pixels or more, but big is 30 x 9")]
    public void An_image_that_it_cannot_take_is_a_fault(int height, int width, string code, string message)
    {
        var options = new TrainingOptions(3) { Network = NetworkOptions.Net10a() };
        using var network = new Segmenter(options.Network, 3, 0, 1, CPU);
        Checkpoint.Save(_context.PathInRun("checkpoints", "model.safetensors"), network.State, ModelCard.Of(options, new InmarsOptions()));
        using var segmentation = new Segmentation(new SegmentOptions(Tile: 64, Overlap: 16), _context);
        var image = new RgbImage(new Origin("a.tar", "big"), height, width, 3, new byte[height * width * 3]);

        var fault = segmentation.Segment([new SuperpixelMap(image, new int[height * width], 1)]).Fault();

        Assert.Equal(new Fault(code, message), fault);
    }

    [Fact]
    public void The_least_image_that_it_takes_gets_scores()
    {
        using var scope = NewDisposeScope();
        using var network = new Segmenter(NetworkOptions.Net10a(), 3, 0, 1, CPU);
        var least = NetworkOptions.Net10a().LeastSide;

        Assert.Equal([1, 3, least, least], network.Apply(rand(1, 3, least, least)).shape);
        Assert.ThrowsAny<Exception>(() => network.Apply(rand(1, 3, least - 2, least - 2)));
    }

    [Fact]
    public void Its_shape_is_not_to_be_chosen()
    {
        Assert.Equal(NetworkOptions.Net10a(4, sobel: false), Pictures.Read("clusters: 3\nnetwork: { kind: net10a, bands: 4, sobel: false }", LearnerOptions.Read).Training.Network);
        Assert.Equal(
            ["run.yaml:2:18: with.network.kind: net10a has width 64, pools 1 and depth 2; leave these keys out"],
            Pictures.Errors("clusters: 3\nnetwork: { kind: net10a, width: 32 }", LearnerOptions.Read));
    }
}
