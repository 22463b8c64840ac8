using InMARS.Pipeline.Configuration;
using InMARS.Stages.Learning;
using YamlDotNet.RepresentationModel;

namespace InMARS.Tests.Stages.Learning;

public class LearnerOptionsTests
{
    [Fact]
    public void Clusters_alone_give_the_defaults()
    {
        var read = Fields.Read(Yaml("clusters: 5"), LearnerOptions.Read);

        Assert.Empty(read.ErrorsOrNone);
        Assert.Equal(new LearnerOptions(TrainingOptions.Recipe with { Clusters = 5, Overclustering = new OverclusteringOptions(20) }, InmarsOptions.Recipe), read.Match(o => o, _ => null!));
    }

    [Fact]
    public void Groups_are_read_in_full()
    {
        var read = Fields.Read(
            Yaml("{clusters: 3, mu: 2, schedule: constant, photometric: {weight: 1, norm: linf}, spatial: {rotation: 30, worst_of: 4}, network: {bands: 4, sobel: false}}"),
            LearnerOptions.Read);

        var expected = new LearnerOptions(
            TrainingOptions.Recipe with
            {
                Clusters = 3,
                Schedule = RateSchedule.Constant,
                Overclustering = new OverclusteringOptions(12),
                Network = NetworkOptions.Strided(bands: 4, sobel: false) with { Height = HeightInput.Auto },
            },
            InmarsOptions.Recipe with
            {
                Mu = 2,
                Photometric = new PhotometricOptions(Weight: 1, Norm: NoiseNorm.LInfinity),
                Spatial = new SpatialOptions(Weight: 2, Rotation: 30, WorstOf: 4),
            });
        Assert.Equal(expected, read.Match(o => o, _ => null!));
    }

    [Fact]
    public void Choices_of_the_objective_are_read()
    {
        var read = Fields.Read(
            Yaml("{clusters: 2, accumulate: 4, pooling: probabilities, weights: uniform, prior: [3, 1], ramp_steps: 9, perturbations: composed, heads: 3, merging: exchange, tint: 0.1, marginal_memory: 0.5, balance: {target: 0.5, rate: 0.1, least: 0.5, most: 3}, spatial: {kind: flow, flow: {grid: 5, reach: 2, inverse_steps: 3}}}"),
            LearnerOptions.Read);

        var expected = new LearnerOptions(
            TrainingOptions.Recipe with { Clusters = 2, Accumulate = 4, Overclustering = new OverclusteringOptions(8) },
            InmarsOptions.Recipe with
            {
                Pooling = PooledQuantity.Probabilities,
                Weights = SuperpixelWeighting.Uniform,
                Prior = ClusterPrior.Of([3, 1]),
                RampSteps = 9,
                Perturbations = PerturbationMix.Composed,
                Heads = 3,
                Merging = MergeRule.Exchange,
                Tint = 0.1,
                MarginalMemory = 0.5,
                Balance = new BalanceOptions(0.5, 0.1, 0.5, 3),
                Spatial = new SpatialOptions(Weight: 2) { Kind = WarpKind.Flow, Flow = new FlowFieldOptions(5, 2, 3) },
            });
        Assert.Empty(read.ErrorsOrNone);
        Assert.Equal(expected, read.Match(o => o, _ => null!));
    }

    [Fact]
    public void A_second_start_has_no_ramp_and_less_weight_of_the_perturbations()
    {
        var again = new LearnerOptions(TrainingOptions.Recipe, InmarsOptions.Recipe with { WarmupSteps = 9 }).Again();

        Assert.Equal((0, 0, 0.0), (again.Objective.WarmupSteps, again.Objective.RampSteps, again.Objective.RestartBelow));
        Assert.Equal((1.5, 1.5), (again.Objective.Photometric.Weight, again.Objective.Spatial.Weight));
        Assert.Equal(TrainingOptions.Recipe, again.Training);
    }

    [Theory]
    [InlineData("{clusters: 3, prior: [0.5, 0.5]}", "prior", "expected 3 shares, one for each of the clusters, found 2")]
    [InlineData("{clusters: 2, prior: [1, 0]}", "prior[1]", "expected 1E-09 to 1000000000, found 0")]
    [InlineData("{clusters: 3, merging: exchange, overclustering: {clusters: 3}}", "merging", "there is nothing to join: expected overclustering.clusters above 3, found 3")]
    [InlineData("{clusters: 2, network: {kind: net10a, padding: reflect}}", "network.padding", "net10a has zeros, as published; leave this key out")]
    [InlineData("{clusters: 2, pooling: mean}", "pooling", "expected logits or probabilities, found 'mean'")]
    [InlineData("{clusters: 2, spatial: {kind: flow, flow: {grid: 1}}}", "spatial.flow.grid", "expected 2 to 64, found 1")]
    public void A_wrong_choice_is_told(string yaml, string path, string message)
    {
        var error = Assert.Single(Fields.Read(Yaml(yaml), LearnerOptions.Read).ErrorsOrNone);

        Assert.Equal((path, message), (error.Path, error.Message));
    }

    [Theory]
    [InlineData(0, 0, 1, 1)]
    [InlineData(5, 0, 5, 0)]
    [InlineData(5, 0, 6, 1)]
    [InlineData(5, 4, 5, 0)]
    [InlineData(5, 4, 6, 0.25)]
    [InlineData(5, 4, 9, 1)]
    [InlineData(5, 4, 100, 1)]
    public void The_ramp_follows_the_warm_up(int warmup, int ramp, long step, double share) =>
        Assert.Equal(share, new InmarsOptions(WarmupSteps: warmup) { RampSteps = ramp }.RampAt(step), 1e-12);

    [Fact]
    public void Every_error_is_told_at_once()
    {
        var errors = Fields.Read(Yaml("{muu: 2, network: {width: 2}, spatial: {rotation: far}}"), LearnerOptions.Read).ErrorsOrNone;

        Assert.Equal(["clusters", "network.width", "spatial.rotation", "muu"], errors.Select(e => e.Path));
        Assert.Equal("unknown key; did you mean 'mu'?", errors[^1].Message);
    }

    [Fact]
    public void An_empty_map_describes_every_option()
    {
        var keys = Fields.Describe(LearnerOptions.Read).Select(n => n.Key).ToList();

        Assert.Contains("photometric.radius", keys);
        Assert.Contains("network.width", keys);
    }

    private static ConfigNode Yaml(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return new ConfigNode(stream.Documents[0].RootNode, "", new ConfigFile("test.yaml"));
    }
}
