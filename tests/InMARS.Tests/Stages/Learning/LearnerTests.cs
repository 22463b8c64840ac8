using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Learning;
using InMARS.Tests.Support;
using TorchSharp;
using static InMARS.Tests.Stages.Learning.Lessons;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public sealed class LearnerTests : IDisposable
{
    private static readonly TrainingOptions Options = new(Scene.Clusters) { Network = Scene.SmallNetwork, LearningRate = 0.01 };
    private static readonly InmarsOptions Objective = new();
    private readonly FakeStageContext _context = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public void The_same_seed_trains_to_the_same_bits()
    {
        var (first, second) = (WeightsAfter(Options, steps: 5), WeightsAfter(Options, steps: 5));

        Assert.Equal(first, second);
    }

    [Fact]
    public void Another_seed_trains_to_something_else()
    {
        using var other = new FakeStageContext(seed: 8);

        Assert.NotEqual(WeightsAfter(Options, steps: 2), WeightsAfter(Options, steps: 2, other));
    }

    [Fact]
    public void Live_tensors_do_not_grow_with_steps()
    {
        using var learner = Open(Options with { GradientClip = 1, Overclustering = new OverclusteringOptions(6, 0.5) });
        using var batch = Scene.Batch();
        Train(learner, batch, from: 0, count: 3);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Train(learner, batch, from: 3, count: 30);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void A_learner_gives_back_what_it_took()
    {
        using var batch = Scene.Batch();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using (var learner = Open(Options))
        {
            Train(learner, batch, from: 0, count: 2);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Two_textures_become_two_clusters()
    {
        using var learner = Open(
            Options with { Clusters = 2 },
            new InmarsOptions(Jitter: 0.2) { Photometric = new PhotometricOptions(Weight: 1), Spatial = new SpatialOptions(Weight: 1) });
        using var batch = Scene.Batch(count: 6);

        Train(learner, batch, from: 0, count: 60, total: 60);

        Assert.InRange(RightHalves(learner.Network, batch), 0.8, 1);
    }

    [Fact]
    public void A_report_says_what_the_step_did()
    {
        using var learner = Open(Options, new InmarsOptions(MuEnd: 1.6) { Photometric = new PhotometricOptions(Weight: 0.5) });
        using var batch = Scene.Batch();

        var report = Train(learner, batch, from: 0, count: 2)[^1];

        Assert.Equal(2, report.Step);
        Assert.Equal(report.MarginalEntropy - report.ConditionalEntropy, report.MutualInformation, 1e-9);
        Assert.Equal(
            report.ConditionalEntropy - (1.6 * report.MarginalEntropy) + (0.5 * report.Photometric) + (4 * report.Spatial), report.Loss, 1e-5);
        Assert.InRange(report.FlippedByNoise, 0, 1);
        Assert.Equal(report.Loss, _context.Shown["loss"]);
        Assert.Equal(report.MutualInformation, _context.Shown["mi"]);
    }

    [Fact]
    public void Warm_up_is_mutual_information_alone()
    {
        using var learner = Open(Options, new InmarsOptions(WarmupSteps: 1));
        using var batch = Scene.Batch();

        var reports = Train(learner, batch, from: 0, count: 2);

        Assert.Equal(0, reports[0].Photometric + reports[0].Spatial);
        Assert.True(reports[1].Spatial > 0);
    }

    [Fact]
    public void A_step_without_a_finite_loss_is_left_out_and_told()
    {
        using var learner = Open(Options);
        using var good = Scene.Batch();
        using var bad = Spoilt();
        Train(learner, good, from: 0, count: 1);
        var before = Weights(learner);

        var reports = Train(learner, bad, from: 1, count: 1);

        Assert.Empty(reports);
        Assert.Equal(before, Weights(learner));
        Assert.Contains(_context.Logged, l => l.Kind == "warning" && l.Message!.StartsWith("stage: step 2 left out: loss NaN", StringComparison.Ordinal));
        Assert.Single(Train(learner, good, from: 2, count: 1));
    }

    [Fact]
    public void Twenty_such_steps_in_a_row_go_back_once_with_half_the_rate_and_then_stop_the_run()
    {
        using var learner = Open(Options);
        using var good = Scene.Batch();
        using var bad = Spoilt();
        Train(learner, good, from: 0, count: 2);
        learner.Carry(StateArchive.Save());
        var atCheckpoint = Weights(learner);
        var rate = Train(learner, good, from: 2, count: 1).Single().LearningRate;
        Train(learner, bad, from: 3, count: 20);
        var wentBackTo = Weights(learner);
        var halved = Train(learner, good, from: 2, count: 1).Single().LearningRate;
        Train(learner, bad, from: 24, count: 19);

        var error = Assert.Throws<RunException>(() => Train(learner, bad, from: 43, count: 1));

        Assert.Equal(atCheckpoint, wentBackTo);
        Assert.Equal(rate / 2, halved);
        Assert.Equal(
            "the loss was not finite for 20 steps in a row, up to step 44; it had gone back to a checkpoint at step 23 and halved the learning rate already; lower learning_rate of stage, or set gradient_clip.",
            error.Message);
    }

    [Fact]
    public void Images_of_other_bands_are_a_fault()
    {
        using var learner = Open(Options with { Network = Scene.SmallNetwork with { Bands = 4 } });
        using var batch = Scene.Batch();

        var fault = Assert.IsType<Result<IReadOnlyList<TrainingReport>>.Failed>(learner.Step(batch, Item(0, 1))).Fault;

        Assert.Equal(new Fault("learn.bands", "expected images of 4 bands, as network.bands says, found 3"), fault);
    }

    [Fact]
    public void Images_smaller_than_the_network_can_pool_are_a_fault()
    {
        using var learner = Open(Options);
        using var batch = Scene.Batch(count: 1, side: 3);

        var fault = Assert.IsType<Result<IReadOnlyList<TrainingReport>>.Failed>(learner.Step(batch, Item(0, 1))).Fault;

        Assert.Equal(new Fault("learn.too_small", "a network of stride 2 learns from images of 4x4 pixels or more, found 3x3"), fault);
    }

    [Fact]
    public void The_end_of_a_flow_leaves_a_model_of_averaged_weights()
    {
        using var scope = NewDisposeScope();
        using var learner = Open(Options with { Ema = 0.9 });
        using var batch = Scene.Batch();
        Train(learner, batch, from: 0, count: 5);

        learner.Finish();

        using var loaded = Checkpoint.Load(Checkpoint.Resolve(_context.Run.Directory), CPU);
        var (saved, last) = (loaded.State[0].Value, learner.Network.State[0].Value);
        var distance = (saved - last).abs().max().item<float>();
        Assert.InRange(distance, 1e-6, 0.1);
        var report = Assert.Single(_context.Reports);
        Assert.Equal("stage", report.Kind);
        Assert.Contains(report.Headline, h => h.Key == "mutual_information_share" && h.Value is >= 0 and <= 1);
    }

    [Fact]
    public void Without_averaging_the_last_weights_are_saved()
    {
        using var scope = NewDisposeScope();
        using var learner = Open(Options with { Ema = 0 });
        using var batch = Scene.Batch();
        Train(learner, batch, from: 0, count: 2);

        learner.Finish();

        using var loaded = Checkpoint.Load(Checkpoint.Resolve(_context.Run.Directory), CPU);
        Assert.True(loaded.State[0].Value.equal(learner.Network.State[0].Value).all().item<bool>());
    }

    [Fact]
    public void A_flow_without_batches_has_no_model()
    {
        using var learner = Open(Options);

        Assert.StartsWith("no batch reached stage", Assert.Throws<RunException>(() => learner.Finish()).Message);
    }

    [Fact]
    public void One_cluster_for_everything_is_a_warning()
    {
        Assert.Null(Collapse.Of([0.5, 0.5]));
        Assert.Equal(
            "cluster 1 covers 96.0 % of the area: the segmentation has collapsed. Raise mu, or lower the weights of the perturbations.",
            Collapse.Of([0.04, 0.96]));
    }

    [Theory]
    [InlineData(0, 1e-3, 1.6)]
    [InlineData(0.5, 0.5e-3, 1.4)]
    [InlineData(1, 0, 1.2)]
    [InlineData(double.NaN, 1e-3, 1.6)]
    public void The_schedule_follows_the_flow(double progress, double rate, double mu)
    {
        var (training, objective) = (new TrainingOptions(5), new InmarsOptions());

        Assert.Equal(rate, training.RateAt(progress), 1e-12);
        Assert.Equal(mu, objective.MuAt(progress), 1e-12);
    }

    /// <summary>Share of pixels whose cluster is that of their half of the image.</summary>
    private static double RightHalves(Segmenter network, ImageBatch batch)
    {
        using var scope = NewDisposeScope();
        var clusters = network.Apply(batch.Pixels).argmax(1);
        var width = clusters.shape[2];
        var right = arange(width, ScalarType.Int64).ge(width / 2).to(ScalarType.Int64);
        var share = clusters.eq(right).to(ScalarType.Float32).mean().item<float>();
        return Math.Max(share, 1 - share);
    }

    private Learner Open(TrainingOptions training, InmarsOptions? objective = null, FakeStageContext? context = null) =>
        LearningEntries.Open(new LearnerOptions(training, objective ?? Objective), context ?? _context);

    private float[] WeightsAfter(TrainingOptions options, int steps, FakeStageContext? context = null)
    {
        using var learner = Open(options, context: context);
        using var batch = Scene.Batch();
        Train(learner, batch, from: 0, count: steps);
        return Weights(learner);
    }
}
