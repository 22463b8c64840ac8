using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Batching;
using InMARS.Stages.Learning;
using InMARS.Stages.Learning.Fused;
using InMARS.Tests.Stages.Images;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public class HeightTests
{
    [Fact]
    public void Heights_go_from_the_upper_edge_to_the_lower_one_and_are_lifted_image_by_image()
    {
        using var scope = NewDisposeScope();
        var images = zeros([2, 3, 4, 3], dtype: ScalarType.Float64);

        var plain = Heights.Of(images, new Frame(0, 4), null);
        var lifted = Heights.Of(images, new Frame(2, 8), tensor(new[] { 0, 0.3 }));

        Assert.Equal([2, 1, 4, 3], plain.shape);
        Assert.Equal([-0.75, -0.25, 0.25, 0.75], plain[0, 0, .., 1].data<double>().ToArray(), new Within(1e-12));
        Assert.Equal([-0.375, -0.125, 0.125, 0.375], lifted[0, 0, .., 1].data<double>().ToArray(), new Within(1e-12));
        Assert.Equal([-0.075, 0.175, 0.425, 0.675], lifted[1, 0, .., 2].data<double>().ToArray(), new Within(1e-12));
        Assert.Equal(-0.375f, new Frame(2, 8).Height(0));
    }

    [Fact]
    public void Lifts_fill_their_range_and_no_more()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1, CPU);

        var lifts = Heights.Draw(zeros(2000, 3, 1, 1), random);

        Assert.InRange(lifts.min().item<float>(), -Heights.Lift, -0.95 * Heights.Lift);
        Assert.InRange(lifts.max().item<float>(), 0.95 * Heights.Lift, Heights.Lift);
        Assert.InRange(lifts.mean().item<float>(), -0.02, 0.02);
    }

    [Theory]
    [InlineData(HeightInput.On, null, true)]
    [InlineData(HeightInput.Auto, true, true)]
    [InlineData(HeightInput.Auto, false, false)]
    [InlineData(HeightInput.Auto, null, false)]
    [InlineData(HeightInput.Off, true, false)]
    public void What_is_alike_is_told_apart_by_its_height_only_where_heights_are_told(HeightInput height, bool? upright, bool told)
    {
        using var scope = NewDisposeScope();
        using var network = Decided(NetworkOptions.Strided(width: 8) with { Height = height });
        network.Upright = upright;
        var grey = full([1, 3, 32, 32], 0.4f);

        var scores = network.Apply(grey)[0];

        Assert.Equal(told, network.SeesHeight);
        Assert.Equal(told, (scores[.., 4, 16] - scores[.., 27, 16]).abs().max().item<float>() > 1e-4);
        Assert.True((scores[.., 16, 4] - scores[.., 16, 27]).abs().max().item<float>() < 1e-5);
        using var random = new Generator(1, CPU);
        Assert.Equal(told, network.Lift(grey, random) is not null);
    }

    [Fact]
    public void Where_heights_are_not_told_the_network_is_the_one_without_them()
    {
        using var scope = NewDisposeScope();
        using var without = Decided(NetworkOptions.Strided(width: 8));
        using var untold = Decided(NetworkOptions.Strided(width: 8) with { Height = HeightInput.Auto });
        var images = rand(2, 3, 16, 24);

        Assert.True(without.Apply(images).equal(untold.Apply(images)).all().item<bool>());
    }

    [Fact]
    public void A_lift_is_what_moving_the_frame_is()
    {
        using var scope = NewDisposeScope();
        using var network = Decided(NetworkOptions.Strided(width: 8, depth: 1) with { Height = HeightInput.On });
        var images = rand(2, 3, 16, 24);

        var plain = network.Run(images, (layer, x) => layer.Apply(x));
        var lifted = network.Run(images, (layer, x) => layer.Apply(x), lift: tensor(new[] { 0, 0.25f }));
        var moved = network.Run(images, (layer, x) => layer.Apply(x), new Frame(2, 16));

        // Two rows of sixteen are a quarter of half the height.
        Assert.True((lifted[0] - plain[0]).abs().max().item<float>() < 1e-5);
        Assert.True((lifted[1] - moved[1]).abs().max().item<float>() < 1e-5);
        Assert.True((lifted[1] - plain[1]).abs().max().item<float>() > 1e-2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Tiles_are_told_where_in_the_image_they_lie(bool fused)
    {
        using var scope = NewDisposeScope();
        var map = Scene.Halves("a", 263, new Random(1), width: 70);
        using var network = Decided(NetworkOptions.Strided(width: 8, depth: 1) with { Height = HeightInput.On });
        using var batch = Assert.IsType<Result<ImageBatch>.Ok>(Collation.Collate([map])).Value;
        var whole = network.Apply(batch.Pixels).squeeze(0);
        var plain = new FusedNetwork(network, threads: 1);
        var worst = 0.0;

        new TiledScores(network, (x, frame) => fused ? plain.Apply(x, frame) : network.ApplyPart(x, frame), map.Image, 106, 52).Read((y, logits) =>
            worst = Math.Max(worst, (whole.narrow(1, y, logits.shape[1]) - logits).abs().max().item<float>()));

        Assert.True(worst < 1e-3 * whole.abs().max().item<float>(), $"differs by {worst}");
    }

    [Fact]
    public void The_published_network_is_not_told_heights()
    {
        Assert.Contains(
            Pictures.Errors("clusters: 3\nnetwork: { kind: net10a, height: auto }", LearnerOptions.Read),
            error => error.Contains("net10a is not told heights", StringComparison.Ordinal));
        Assert.Equal(HeightInput.Off, Pictures.Read("clusters: 3\nnetwork: { kind: net10a }", LearnerOptions.Read).Training.Network.Height);
        Assert.Equal(HeightInput.Auto, Pictures.Read("clusters: 3\nnetwork: { kind: inmars }", LearnerOptions.Read).Training.Network.Height);
    }

    private static Segmenter Decided(NetworkOptions options)
    {
        var network = new Segmenter(options, 4, 0, 3, CPU);
        using var _ = no_grad();
        network.State.Single(s => s.Name == "head.weight").Value.mul_(60);
        return network;
    }

    private sealed class Within(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(double obj) => 0;
    }
}
