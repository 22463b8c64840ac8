using InMARS.Stages.Learning;
using InMARS.Tests.Support;
using TorchSharp;
using static InMARS.Tests.Stages.Learning.Lessons;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public sealed class LearnerHeadsTests : IDisposable
{
    private static readonly TrainingOptions Options =
        new(Scene.Clusters, Ema: 0) { Network = Scene.SmallNetwork, LearningRate = 0.01, Overclustering = new OverclusteringOptions(7) };

    private readonly FakeStageContext _context = new();

    public void Dispose() => _context.Dispose();

    [Theory]
    [InlineData(PerturbationMix.Sum, MergeRule.None)]
    [InlineData(PerturbationMix.Composed, MergeRule.None)]
    [InlineData(PerturbationMix.Sum, MergeRule.Exchange)]
    [InlineData(PerturbationMix.Composed, MergeRule.Exchange)]
    public void The_model_saved_is_the_head_that_segments_and_no_tensor_is_left_behind(PerturbationMix mix, MergeRule merging)
    {
        using var scope = NewDisposeScope();
        using var learner = Open(new InmarsOptions { Heads = 3, Merging = merging, MarginalMemory = 0.9, Perturbations = mix });
        using var batch = Scene.Batch();
        Train(learner, batch, from: 0, count: 4);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Train(learner, batch, from: 4, count: 30);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        learner.Finish();

        using var loaded = Checkpoint.Load(Checkpoint.Resolve(_context.Run.Directory), CPU);
        Assert.Equal(3 * Options.Clusters, learner.Network.State.Single(s => s.Name == "head.weight").Value.shape[0]);
        Assert.Equal(
            loaded.Merged is null ? Options.Clusters : null,
            loaded.State.Where(s => s.Name == "head.weight").Select(s => (long?)s.Value.shape[0]).SingleOrDefault());
        Assert.Equal(learner.Network.Merged is null, loaded.Merged is null);
        Assert.InRange((loaded.Apply(batch.Pixels) - learner.Network.Apply(batch.Pixels)).abs().max().item<float>(), 0, 1e-5);
    }

    [Theory]
    [InlineData(MergeRule.None)]
    [InlineData(MergeRule.Exchange)]
    public void What_is_kept_on_the_way_changes_nothing_of_what_is_learned_or_told(MergeRule merging)
    {
        var (plain, kept) = (Learned(snapshots: 0), Learned(snapshots: 8));

        Assert.Equal(plain.Weights, kept.Weights);
        Assert.Equal(plain.Told, kept.Told);

        (float[] Weights, List<TrainingReport> Told) Learned(int snapshots)
        {
            var objective = new InmarsOptions { Heads = 3, Merging = merging, Balance = new BalanceOptions(Target: 0.3, Rate: 0.2) };
            using var learner = Open(objective, Options with { Watch = new WatchOptions(snapshots, Gallery: 0) });
            using var batch = Scene.Batch();
            var told = Train(learner, batch, from: 0, count: 20, total: 20);
            return (Weights(learner), told);
        }
    }

    [Fact]
    public void Clusters_that_nothing_perturbs_are_not_merged()
    {
        using var learner = Open(new InmarsOptions
        {
            Merging = MergeRule.Exchange,
            Photometric = new PhotometricOptions(Weight: 0),
            Spatial = new SpatialOptions(Weight: 0),
        });
        using var batch = Scene.Batch();
        Train(learner, batch, from: 0, count: 10);

        learner.Finish();

        Assert.Null(learner.Network.Merged);
    }

    private Learner Open(InmarsOptions objective, TrainingOptions? options = null) =>
        LearningEntries.Open(new LearnerOptions(options ?? Options, objective), _context);
}
