using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Learning;
using InMARS.Stages.Learning.Fused;
using InMARS.Stages.Superpixels;
using InMARS.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public sealed class FusedNetworkTests : IDisposable
{
    private readonly FakeStageContext _context = new();

    public static TheoryData<NetworkOptions, int, int> Networks => new()
    {
        { new NetworkOptions(), 36, 52 },
        { new NetworkOptions(), 41, 33 },
        { new NetworkOptions(Bands: 4, Width: 12, Depth: 1), 20, 19 },
        { new NetworkOptions(Width: 8, Pools: 0, Sobel: false), 17, 30 },
        { new NetworkOptions(Width: 4, Pools: 1, Depth: 3), 18, 23 },
        { new NetworkOptions(Width: 4, Pools: 3, Padding: BorderPadding.Zeros), 37, 50 },
        { new NetworkOptions(Width: 4), 5, 30 },
        { new NetworkOptions(Width: 4), 1, 1 },
        { NetworkOptions.Strided(), 40, 24 },
        { NetworkOptions.Strided(width: 8, depth: 1), 13, 27 },
        { NetworkOptions.Strided(bands: 4, width: 8, sobel: false) with { Padding = BorderPadding.Zeros }, 9, 6 },
        { NetworkOptions.Strided(width: 8) with { Height = HeightInput.On }, 22, 19 },
        { new NetworkOptions(Width: 4, Sobel: false, Height: HeightInput.On), 20, 33 },
        { new NetworkOptions(Width: 4, Height: HeightInput.Auto), 20, 33 },
        { NetworkOptions.Net10a(), 26, 31 },
        { NetworkOptions.Net10a(bands: 4, sobel: false), 20, 20 },
    };

    public void Dispose() => _context.Dispose();

    [Theory]
    [MemberData(nameof(Networks))]
    public void Folded_normalisation_gives_the_scores_of_the_layers_it_was_folded_into(NetworkOptions options, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var network = Trained(options, clusters: 5);
        var images = rand(2, options.Bands, height, width);

        var fused = new FusedNetwork(network, threads: 2).Apply(images);

        AssertClose(network.Apply(images), fused);
    }

    [Fact]
    public void A_head_among_several_and_clusters_that_were_merged_score_as_they_do_unfused()
    {
        using var scope = NewDisposeScope();
        var images = rand(1, 3, 22, 30);
        using var several = Trained(Scene.SmallNetwork, clusters: 3, heads: 4);
        several.Leading = 2;
        using var merged = Trained(Scene.SmallNetwork, clusters: 3, overclusters: 20);
        merged.Merged = [.. Enumerable.Range(0, 20).Select(i => (i * i) % 3 == 1 ? 2 : i % 2)];

        Assert.All([several, merged], network => AssertClose(network.Apply(images), new FusedNetwork(network, threads: 1).Apply(images)));
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        using var scope = NewDisposeScope();
        using var network = Trained(new NetworkOptions(), clusters: 5);
        var images = rand(1, 3, 61, 47);

        var (one, many) = (new FusedNetwork(network, threads: 1).Apply(images), new FusedNetwork(network, threads: 5).Apply(images));

        Assert.Equal(one.data<float>().ToArray(), many.data<float>().ToArray());
    }

    [Fact]
    public void What_an_image_before_has_left_in_the_buffers_is_never_read()
    {
        using var scope = NewDisposeScope();
        using var network = Trained(new NetworkOptions(Width: 8), clusters: 5);
        var used = new FusedNetwork(network, threads: 2);
        _ = used.Apply(full([1, 3, 70, 90], float.NaN));
        var images = rand(1, 3, 21, 34);

        Assert.Equal(new FusedNetwork(network, threads: 2).Apply(images).data<float>().ToArray(), used.Apply(images).data<float>().ToArray());
    }

    [Fact]
    public void Images_whose_maps_exceed_the_longest_array_are_not_taken()
    {
        using var network = Trained(new NetworkOptions(), clusters: 5);
        var fused = new FusedNetwork(network, threads: 1);

        Assert.True(fused.Takes(4096, 4096));
        Assert.False(fused.Takes(16384, 16384));
    }

    [Theory]
    [InlineData(NetworkKind.Inmars, Paint.Superpixel, PooledQuantity.Logits, false)]
    [InlineData(NetworkKind.Inmars, Paint.Pixel, PooledQuantity.Logits, false)]
    [InlineData(NetworkKind.Inmars, Paint.Superpixel, PooledQuantity.Probabilities, false)]
    [InlineData(NetworkKind.Inmars, Paint.Superpixel, PooledQuantity.Logits, true)]
    [InlineData(NetworkKind.Strided, Paint.Superpixel, PooledQuantity.Logits, false)]
    [InlineData(NetworkKind.Net10a, Paint.Superpixel, PooledQuantity.Logits, false)]
    [InlineData(NetworkKind.Net10a, Paint.Pixel, PooledQuantity.Logits, false)]
    public void Maps_are_those_of_the_unfused_network_up_to_ties(NetworkKind kind, Paint paint, PooledQuantity pooling, bool mirror)
    {
        var shape = kind switch
        {
            NetworkKind.Strided => NetworkOptions.Strided(width: 8),
            NetworkKind.Net10a => NetworkOptions.Net10a(),
            _ => new NetworkOptions(Width: 8),
        };
        using (var network = Trained(shape, clusters: 12))
        {
            Checkpoint.Save(
                _context.PathInRun("checkpoints", "model.safetensors"), network.State, ModelCard.Of(new TrainingOptions(12) { Network = shape }, new InmarsOptions()));
        }

        var random = new Random(1);
        SuperpixelMap[] maps = [Scene.Halves("a", 50, random, width: 66), Scene.Halves("b", 50, random, width: 66), Scene.Halves("c", 33, random)];
        var options = new SegmentOptions { Paint = paint, Pooling = pooling, Mirror = mirror };

        var (fused, plain) = (Segment(options, maps), Segment(options with { Fuse = false }, maps));

        Assert.True(plain.Distinct().Count() > 1);
        Assert.True(fused.Zip(plain).Count(p => p.First != p.Second) <= plain.Count / 1000);
    }

    private List<ushort> Segment(SegmentOptions options, SuperpixelMap[] maps)
    {
        using var model = new Segmentation(options, _context);
        return [.. Assert.IsType<Result<IReadOnlyList<Prediction>>.Ok>(model.Segment(maps)).Value.SelectMany(p => p.Clusters)];
    }

    private static void AssertClose(Tensor expected, Tensor found)
    {
        Assert.Equal(expected.shape, found.shape);
        var worst = ((expected - found).abs().max() / expected.abs().max()).item<float>();
        Assert.True(worst <= 1e-4, $"differs by {worst} of the greatest score");
    }

    /// <summary>A network with weights and running statistics as after a training: none of them is neutral.</summary>
    private static Segmenter Trained(NetworkOptions options, int clusters, int overclusters = 0, int heads = 1)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var network = new Segmenter(options, clusters, overclusters, 3, CPU, heads: heads);
        using var random = new Generator(5, CPU);
        foreach (var (name, value) in network.State)
        {
            var noise = randn(value.shape, generator: random);
            value.copy_(name switch
            {
                _ when name.EndsWith("running_var", StringComparison.Ordinal) => (noise * 0.5).exp(),
                _ when name.EndsWith("norm.weight", StringComparison.Ordinal) => 1 + (noise * 0.3),
                _ when name.EndsWith("bias", StringComparison.Ordinal) || name.EndsWith("running_mean", StringComparison.Ordinal) => noise * 0.3,
                _ when name.Contains("conv", StringComparison.Ordinal) => value,
                _ => noise,
            });
        }

        return network;
    }
}
