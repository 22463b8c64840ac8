using InMARS.Stages.Learning;
using InMARS.Tests.Support;
using TorchSharp;
using static InMARS.Tests.Stages.Learning.Lessons;

namespace InMARS.Tests.Stages.Learning;

/// <summary>Steps of several batches.</summary>
public sealed class AccumulationTests : IDisposable
{
    private static readonly TrainingOptions Options = new(Scene.Clusters) { Network = Scene.SmallNetwork, LearningRate = 0.01 };
    private static readonly InmarsOptions Objective = new();

    // The same objective all the way, without anything random.
    private static readonly InmarsOptions Still = new(MuEnd: 1.6)
    {
        Photometric = new PhotometricOptions(Weight: 0),
        Spatial = new SpatialOptions(Weight: 0),
    };

    private readonly FakeStageContext _context = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public void A_batch_twice_in_a_step_is_the_step_of_it_once()
    {
        using var once = Open(Options with { GradientClip = 0.1, Schedule = RateSchedule.Constant }, Still);
        using var twice = Open(Options with { GradientClip = 0.1, Schedule = RateSchedule.Constant, Accumulate = 2 }, Still);
        using var batch = Scene.Batch();

        var one = Train(once, batch, from: 0, count: 2);
        var two = Train(twice, batch, from: 0, count: 4);

        Assert.Equal([.. once.Network.Parameters.SelectMany(p => p.data<float>().ToArray())], twice.Network.Parameters.SelectMany(p => p.data<float>().ToArray()));
        Assert.Equal(one.Select(r => (r.Step, r.Loss)), two.Select(r => (r.Step, r.Loss)));
    }

    [Fact]
    public void Batches_of_a_step_are_reported_by_their_means()
    {
        using var first = Open(Options, Still);
        using var second = Open(Options, Still);
        using var both = Open(Options with { Accumulate = 2 }, Still);
        using var batch = Scene.Batch();
        using var other = Scene.Batch(seed: 2);

        var losses = new[] { Train(first, batch, 0, 1)[0].Loss, Train(second, other, 0, 1)[0].Loss };
        Assert.Empty(Train(both, batch, 0, 1));
        var report = Assert.Single(Train(both, other, 1, 1));

        Assert.NotEqual(losses[0], losses[1]);
        Assert.Equal(losses.Average(), report.Loss, 1e-5);
    }

    [Fact]
    public void The_last_step_takes_what_there_is()
    {
        using var learner = Open(Options with { Accumulate = 4 });
        using var batch = Scene.Batch();
        Train(learner, batch, from: 0, count: 6);
        var before = Weights(learner);

        var last = Assert.Single(learner.Finish());

        Assert.Equal(2, last.Step);
        Assert.NotEqual(before, Weights(learner));
        Assert.True(File.Exists(Checkpoint.Resolve(_context.Run.Directory)));
    }

    [Fact]
    public void A_learner_that_stops_within_a_step_gives_back_what_it_took()
    {
        using var batch = Scene.Batch();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using (var learner = Open(Options with { Accumulate = 3 }))
        {
            Train(learner, batch, from: 0, count: 5);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void One_batch_without_a_finite_loss_leaves_its_step_out()
    {
        using var learner = Open(Options with { Accumulate = 2 });
        using var good = Scene.Batch();
        using var bad = Spoilt();
        var before = Weights(learner);

        Train(learner, bad, from: 0, count: 1);
        var reports = Train(learner, good, from: 1, count: 1);

        Assert.Empty(reports);
        Assert.Equal(before, Weights(learner));
        Assert.Single(Train(learner, good, from: 2, count: 2));
    }

    private Learner Open(TrainingOptions training, InmarsOptions? objective = null) =>
        LearningEntries.Open(new LearnerOptions(training, objective ?? Objective), _context);
}
