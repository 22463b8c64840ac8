using InMARS.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public class SegmenterTests
{
    [Theory]
    [InlineData(3, 0, true, 17, 23)]
    [InlineData(3, 1, false, 16, 16)]
    [InlineData(4, 2, true, 18, 13)]
    [InlineData(3, 3, true, 40, 33)]
    public void Every_pixel_of_any_size_gets_a_score_for_each_cluster(int bands, int pools, bool sobel, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var network = new Segmenter(new NetworkOptions(bands, 4, pools, 2, sobel), 5, 0, 1, CPU);

        Assert.Equal([2, 5, height, width], network.Apply(rand(2, bands, height, width)).shape);
        Assert.Equal([2, 5, height, width], network.Train(rand(2, bands, height, width)).shape);
    }

    [Theory]
    [InlineData(NetworkKind.Inmars)]
    [InlineData(NetworkKind.Strided)]
    public void Mirrored_borders_do_not_tell_where_in_the_frame_a_cell_lies(NetworkKind kind)
    {
        Assert.Equal(0, Spread(BorderPadding.Reflect), 1e-4);
        Assert.True(Spread(BorderPadding.Zeros) > 0.01);

        double Spread(BorderPadding padding)
        {
            using var scope = NewDisposeScope();
            var options = kind == NetworkKind.Strided ? NetworkOptions.Strided(width: 8) : new NetworkOptions(Width: 8);
            using var network = new Segmenter(options with { Padding = padding }, 5, 0, 1, CPU);
            var scores = network.Train(full([2, 3, 32, 40], 0.7f) + arange(2, dtype: float32).view(2, 1, 1, 1) * 0.1);
            return (scores.amax([2, 3]) - scores.amin([2, 3])).max().item<float>();
        }
    }

    [Fact]
    public void A_merged_cluster_is_chosen_where_one_of_its_parts_would_be()
    {
        using var scope = NewDisposeScope();
        using var network = new Segmenter(Scene.SmallNetwork, 2, 4, 1, CPU, heads: 3) { Merged = [1, 0, 1, 1] };
        var scores = randn([2, 10, 3, 5], dtype: ScalarType.Float64);

        var merged = network.Lead(scores);

        var chosen = scores.narrow(1, 6, 4).argmax(1);
        Assert.True(chosen.ne(1).to(ScalarType.Int64).equal(merged.argmax(1)).all().item<bool>());
        Assert.True(merged.amax([1]).equal(scores.narrow(1, 6, 4).amax([1])).all().item<bool>());
    }

    [Theory]
    [InlineData(20)]
    [InlineData(19)]
    public void Seen_both_ways_an_image_and_its_mirror_image_get_mirrored_scores(int width)
    {
        using var scope = NewDisposeScope();
        using var network = Scene.DecidedNetwork(type: ScalarType.Float32);
        var images = rand(2, 3, 16, width);

        var (scores, mirrored) = (network.ApplyBothWays(images), network.ApplyBothWays(images.flip(3)));

        Assert.Equal(0, (scores.flip(3) - mirrored).abs().max().item<float>(), 1e-4);
        Assert.True((scores - network.Apply(images)).abs().max().item<float>() > 1e-3);
    }

    [Fact]
    public void Inputs_narrower_than_their_padding_are_continued_by_their_last_cells()
    {
        using var scope = NewDisposeScope();
        using var network = new Segmenter(new NetworkOptions(Width: 4, Pools: 2), 3, 0, 1, CPU);

        Assert.True(network.Apply(rand(1, 3, 5, 30)).isfinite().all().item<bool>());
    }

    [Fact]
    public void The_default_trunk_is_the_one_of_the_study()
    {
        var layers = new NetworkOptions().Layers;

        Assert.Equal([16, 32, 64, 64, 128, 128], layers.Select(l => l.Outputs));
        Assert.Equal([5, 16, 32, 64, 64, 128], layers.Select(l => l.Inputs));
        Assert.Equal([0, 0, 1, 1, 2, 2], layers.Select(l => l.Level));
        Assert.Equal([1, 1, 1, 1, 2, 2], layers.Select(l => l.Dilation));
    }

    [Fact]
    public void First_weights_depend_on_the_seed_alone()
    {
        using var scope = NewDisposeScope();
        using var one = Scene.Network(seed: 3);
        _ = rand(10);
        using var two = Scene.Network(seed: 3);
        using var other = Scene.Network(seed: 4);

        Assert.Equal(0, Distance(one, two));
        Assert.True(Distance(one, other) > 0);
    }

    [Fact]
    public void First_weights_have_the_variance_of_He()
    {
        using var scope = NewDisposeScope();
        using var network = new Segmenter(new NetworkOptions(Width: 32), 5, 0, 1, CPU);

        var weight = network.State.Single(s => s.Name == "trunk.5.conv.weight").Value;

        Assert.Equal(Math.Sqrt(2.0 / (256 * 9)), weight.std().item<float>(), 1e-3);
    }

    [Fact]
    public void Passes_in_training_leave_the_running_statistics_alone()
    {
        using var scope = NewDisposeScope();
        using var network = Scene.Network();
        var before = Statistics(network);

        _ = network.Train(Scene.Images());

        Assert.Equal(before, Statistics(network));
    }

    [Fact]
    public void A_committed_pass_moves_the_running_statistics_as_PyTorch_does()
    {
        using var scope = NewDisposeScope();
        using var network = Scene.Network();
        var images = Scene.Images();
        using var moments = new BatchMoments();
        _ = network.Train(images, moments);

        moments.Commit(0.1);

        using var reference = nn.BatchNorm2d(4, dtype: ScalarType.Float64);
        var first = network.State.Single(s => s.Name == "trunk.0.conv.weight").Value;
        using var edges = new EdgeFilter(CPU, ScalarType.Float64);
        var inputs = cat([images - 0.45, edges.Apply(images)], 1);
        _ = reference.forward(nn.functional.conv2d(nn.functional.pad(inputs, [1, 1, 1, 1], PaddingModes.Reflect), first));
        Assert.Equal(0, (reference.running_mean! - Value(network, "trunk.0.norm.running_mean")).abs().max().item<double>(), 1e-9);
        Assert.Equal(0, (reference.running_var! - Value(network, "trunk.0.norm.running_var")).abs().max().item<double>(), 1e-9);
    }

    [Fact]
    public void A_second_head_scores_its_clusters_behind_those_of_the_first()
    {
        using var scope = NewDisposeScope();
        using var network = Scene.Network(overclusters: 7);
        var images = Scene.Images();

        Assert.Equal(Scene.Clusters + 7, network.Train(images).shape[1]);
        Assert.Equal(Scene.Clusters, network.Apply(images).shape[1]);
    }

    [Fact]
    public void Edges_of_a_flat_image_are_nowhere_not_even_at_its_border()
    {
        using var scope = NewDisposeScope();
        using var edges = new EdgeFilter(CPU, ScalarType.Float32);

        Assert.Equal(0, edges.Apply(full([1, 3, 5, 6], 0.7)).abs().max().item<float>(), 1e-6);
    }

    [Fact]
    public void A_step_across_gives_the_known_edge()
    {
        using var scope = NewDisposeScope();
        using var edges = new EdgeFilter(CPU, ScalarType.Float32);
        var image = cat([zeros(1, 3, 3, 2), ones(1, 3, 3, 2)], 3);

        var found = edges.Apply(image);

        Assert.Equal([0f, -4f, -4f, 0f], found[0, 0, 1].data<float>().ToArray().Select(v => MathF.Round(v, 4)));
        Assert.Equal(0, found[0, 1].abs().max().item<float>(), 1e-6);
    }

    private static double[] Statistics(Segmenter network) =>
        [.. network.State.Where(s => s.Name.Contains("running", StringComparison.Ordinal)).SelectMany(s => s.Value.data<double>().ToArray())];

    private static Tensor Value(Segmenter network, string name) => network.State.Single(s => s.Name == name).Value;

    private static double Distance(Segmenter one, Segmenter two) =>
        one.State.Zip(two.State, (a, b) => (a.Value - b.Value).abs().max().item<double>()).Max();
}
