using InMARS.Stages.Batching;
using InMARS.Stages.Learning;
using InMARS.Tests.Support;
using TorchSharp;
using static InMARS.Tests.Stages.Learning.Lessons;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public class InmarsObjectiveTests
{
    private static readonly InmarsOptions Still = new()
    {
        Photometric = new PhotometricOptions(Weight: 0),
        Spatial = new SpatialOptions(Weight: 0),
    };

    private static readonly ClusterPrior Uneven = ClusterPrior.Of([5, 3, 2]);

    public static TheoryData<InmarsOptions> Terms =>
    [
        Still,
        Still with { Pooling = PooledQuantity.Probabilities },
        Still with { Weights = SuperpixelWeighting.Uniform, Prior = Uneven },
        Still with { Pooling = PooledQuantity.Probabilities, Prior = Uneven },
    ];

    [Theory]
    [MemberData(nameof(Terms))]
    public void Its_gradient_in_the_weights_is_that_of_finite_differences(InmarsOptions options)
    {
        using var scope = NewDisposeScope();
        using var network = Scene.DecidedNetwork();
        using var random = new Generator(1, CPU);
        using var batch = Batch();
        var objective = Of(network, options, random);
        var weight = network.Parameters.First();
        Tensor Loss(Tensor value)
        {
            using (no_grad())
            {
                weight.copy_(value);
            }

            return Add(objective, batch).Loss;
        }

        var at = weight.detach().clone();
        Loss(at);
        var gradient = weight.grad!.clone();

        Slopes.Agree(Loss, at, gradient, tolerance: 1e-3);
    }

    [Fact]
    public void Noise_and_motion_composed_weigh_what_both_weigh()
    {
        using var scope = NewDisposeScope();
        using var network = Scene.DecidedNetwork();
        using var random = new Generator(1, CPU);
        using var batch = Batch();
        var options = new InmarsOptions
        {
            Perturbations = PerturbationMix.Composed,
            Photometric = new PhotometricOptions(Weight: 2),
            Spatial = new SpatialOptions(Weight: 3),
        };

        var views = Add(Of(network, options, random), batch);

        Assert.Null(views.Noise);
        Assert.Null(views.Space);
        var information = MutualInformation.Of(views.Clean);
        var expected = information.Conditional - (information.Marginal * options.Mu) + (Divergence.Of(views.Clean, views.Both!) * 5);
        Assert.Equal(expected.item<double>(), views.Loss.item<double>(), 1e-9);
    }

    [Fact]
    public void One_of_them_alone_is_not_composed()
    {
        using var scope = NewDisposeScope();
        using var network = Scene.DecidedNetwork();
        using var random = new Generator(1, CPU);
        using var batch = Batch();
        var options = new InmarsOptions { Perturbations = PerturbationMix.Composed, Photometric = new PhotometricOptions(Weight: 0) };

        var views = Add(Of(network, options, random), batch);

        Assert.Null(views.Both);
        Assert.NotNull(views.Space);
    }

    [Fact]
    public void The_balance_weighs_the_perturbations()
    {
        using var scope = NewDisposeScope();
        using var network = Scene.DecidedNetwork();
        using var random = new Generator(1, CPU);
        using var batch = Batch();
        var options = new InmarsOptions { Spatial = new SpatialOptions(Weight: 0), Balance = new BalanceOptions(Target: 0.9, Rate: 0.5) };

        var views = Add(Of(network, options, random), batch);

        var information = MutualInformation.Of(views.Clean);
        var decided = information.Value.item<double>() / Math.Log(views.Clean.Logits.shape[0]);
        var strength = Math.Exp(0.5 * Math.Max(-1, 2 * ((0.1 * decided / 0.9) - 1)));
        var expected = information.Conditional - (information.Marginal * options.Mu) + (Divergence.Of(views.Clean, views.Noise!) * 4 * strength);
        Assert.Equal(strength, views.Strength, 1e-9);
        Assert.Equal(expected.item<double>(), views.Loss.item<double>(), 1e-9);
    }

    [Fact]
    public void The_ramp_weighs_the_perturbations()
    {
        using var scope = NewDisposeScope();
        using var network = Scene.DecidedNetwork();
        using var random = new Generator(1, CPU);
        using var batch = Batch();
        var options = new InmarsOptions(WarmupSteps: 10) { RampSteps = 4, Spatial = new SpatialOptions(Weight: 0) };

        var views = Add(Of(network, options, random), batch, step: 13);

        var information = MutualInformation.Of(views.Clean);
        var expected = information.Conditional - (information.Marginal * options.Mu) + (Divergence.Of(views.Clean, views.Noise!) * 4 * 0.75);
        Assert.Equal(expected.item<double>(), views.Loss.item<double>(), 1e-9);
        Assert.Null(Add(Of(network, options, random), batch, step: 10).Noise);
    }

    [Fact]
    public void A_flow_field_bends_where_it_is_asked_for()
    {
        using var scope = NewDisposeScope();
        using var network = Scene.DecidedNetwork();
        using var random = new Generator(1, CPU);
        using var batch = Batch();
        var options = new InmarsOptions { Spatial = new SpatialOptions { Kind = WarpKind.Flow, Flow = new FlowFieldOptions(Grid: 4) } };

        var views = Add(Of(network, options, random), batch);

        Assert.True(Divergence.Of(views.Clean, views.Space!).item<double>() > 0);
    }

    [Theory]
    [InlineData(PerturbationMix.Sum, WarpKind.Flow)]
    [InlineData(PerturbationMix.Composed, WarpKind.Affine)]
    [InlineData(PerturbationMix.Composed, WarpKind.Flow)]
    public void Every_perturbation_trains_and_keeps_no_tensors(PerturbationMix mix, WarpKind kind)
    {
        var objective = new InmarsOptions
        {
            Perturbations = mix,
            Pooling = PooledQuantity.Probabilities,
            Spatial = new SpatialOptions { Kind = kind, Flow = new FlowFieldOptions(Grid: 4) },
        };
        var training = new TrainingOptions(Scene.Clusters) { Network = Scene.SmallNetwork, Overclustering = new OverclusteringOptions(6, 0.5) };
        using var context = new FakeStageContext();
        using var learner = LearningEntries.Open(new LearnerOptions(training, objective), context);
        using var batch = Scene.Batch();
        Train(learner, batch, from: 0, count: 2);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        var report = Train(learner, batch, from: 2, count: 5)[^1];

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(mix == PerturbationMix.Composed, report.Composed > 0);
        Assert.Equal(mix == PerturbationMix.Sum, report.Spatial > 0);
    }

    private static InmarsObjective Of(Segmenter network, InmarsOptions options, Generator random) =>
        new(network, new LearnerOptions(new TrainingOptions(Scene.Clusters) { Network = Scene.SmallNetwork }, options), random);

    private static Views Add(InmarsObjective objective, ImageBatch batch, long step = 1)
    {
        using var moments = new BatchMoments();
        return objective.Add(batch, new StepMoment(step, 0, 7, 0), moments);
    }

    /// <summary>In float64, so that differences can be taken.</summary>
    private static ImageBatch Batch()
    {
        var images = Scene.Images();
        var (labels, count) = Scene.Squares(images);
        return new ImageBatch([], images, labels, count);
    }
}
