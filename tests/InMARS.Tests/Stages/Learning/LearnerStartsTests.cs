using InMARS.Stages.Learning;
using InMARS.Tests.Support;
using TorchSharp;
using static InMARS.Tests.Stages.Learning.Lessons;

namespace InMARS.Tests.Stages.Learning;

public sealed class LearnerStartsTests : IDisposable
{
    private static readonly TrainingOptions Options = new(Scene.Clusters) { Network = Scene.SmallNetwork, LearningRate = 0.01 };
    private readonly FakeStageContext _context = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public void A_training_that_the_perturbations_stopped_starts_again_once_and_leaves_no_tensor_behind()
    {
        using var learner = Open(new InmarsOptions { RampSteps = 6, RestartBelow = 0.9, Heads = 2, MarginalMemory = 0.5 });
        using var batch = Scene.Batch();
        Train(learner, batch, from: 0, count: 5);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var steps = Train(learner, batch, from: 5, count: 45);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(12, (long?)Assert.Single(_context.Logged, l => l.Kind == "restart").Data!["step"]);
        Assert.Equal(Enumerable.Range(6, 45), steps.Select(r => (int)r.Step));
    }

    [Fact]
    public void After_a_restart_nothing_of_what_was_learned_before_is_left()
    {
        Assert.Equal(Learned(first: 1), Learned(first: 2));

        // Both restart after their second step; what the first two batches were must not matter.
        float[] Learned(int first)
        {
            using var learner = Open(new InmarsOptions { RampSteps = 1, RestartBelow = 0.9 });
            using var early = Scene.Batch(seed: first);
            using var late = Scene.Batch(seed: 3);
            Train(learner, early, from: 0, count: 2);
            Train(learner, late, from: 2, count: 5);
            return Weights(learner);
        }
    }

    private Learner Open(InmarsOptions objective) => LearningEntries.Open(new LearnerOptions(Options, objective), _context);
}
