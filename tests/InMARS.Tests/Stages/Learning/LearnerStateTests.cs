using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Learning;
using InMARS.Stages.Rivals;
using InMARS.Tests.Support;
using TorchSharp;
using static InMARS.Tests.Stages.Learning.Lessons;

namespace InMARS.Tests.Stages.Learning;

public sealed class LearnerStateTests : IDisposable
{
    private const int Steps = 12;
    private static readonly TrainingOptions Training = new(Scene.Clusters)
    {
        Network = Scene.SmallNetwork,
        LearningRate = 0.01,
        Overclustering = new OverclusteringOptions(6),
        Watch = new WatchOptions { Snapshots = 3 },
    };

    private readonly FakeStageContext _context = new();

    public static TheoryData<string> Learners => ["inmars", "inmars restarted", "inmars accumulating", "iic", "deepcluster"];

    public void Dispose() => _context.Dispose();

    [Theory]
    [MemberData(nameof(Learners))]
    public void A_learner_that_was_saved_and_opened_again_goes_on_to_the_same_bits(string name)
    {
        ImageBatch[] batches = [.. Enumerable.Range(0, Steps).Select(i => Scene.Batch(seed: i))];
        var straight = Learn(name, batches, saveAt: -1);

        Assert.All(Enumerable.Range(1, Steps - 1), at => Assert.Equal(straight, Learn(name, batches, saveAt: at)));
        Array.ForEach(batches, batch => batch.Dispose());
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void What_is_saved_of_equal_learners_is_equal_and_leaves_no_tensor_behind(string name)
    {
        using var batch = Scene.Batch();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Assert.Equal(Saved(), Saved());
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        IEnumerable<(string, string)> Saved()
        {
            using var learner = Open(name);
            Train(learner, batch, from: 0, count: 4);
            var state = StateArchive.Save();
            learner.Carry(state);
            return [.. state.Entries.Select(e => (e.Key, Convert.ToHexString(e.Value)))];
        }
    }

    /// <remarks>The last snapshot has settled it, and galleries are drawn with it until the next one.</remarks>
    [Fact]
    public void Which_head_segments_goes_with_what_is_saved()
    {
        using var saved = Open("inmars");
        using var opened = Open("inmars");
        (saved.Network.Leading, saved.Network.Merged) = (2, [0, 1, 2, 0, 1, 2]);
        var state = StateArchive.Save();

        saved.Carry(state);
        opened.Carry(StateArchive.Load(state.Entries));

        Assert.Equal(2, opened.Network.Leading);
        Assert.Equal([0, 1, 2, 0, 1, 2], opened.Network.Merged);
    }

    /// <summary>Weights, reports and saved model after all steps, with a new learner from one of them on.</summary>
    private string Learn(string name, ImageBatch[] batches, int saveAt)
    {
        var learner = Open(name);
        var reports = new List<TrainingReport>();
        for (var i = 0; i < batches.Length; i++)
        {
            if (i == saveAt && learner.AtBorder)
            {
                var state = StateArchive.Save();
                learner.Carry(state);
                learner.Dispose();
                learner = Open(name);
                learner.Carry(StateArchive.Load(state.Entries));
            }

            reports.AddRange(Train(learner, batches[i], i, count: 1, total: Steps));
        }

        reports.AddRange(learner.Finish());
        var model = Convert.ToHexString(File.ReadAllBytes(_context.PathInRun("checkpoints", Checkpoint.FileName)));
        var told = $"{string.Join('\n', reports)}\n{string.Join(',', Weights(learner))}\n{model}\n{string.Join('\n', _context.Reports[^1].Notes)}";
        learner.Dispose();
        return told;
    }

    private Learner Open(string name) => name switch
    {
        "iic" => RivalsEntries.Open(Training, new IicOptions(), _context),
        "deepcluster" => RivalsEntries.Open(Training with { Overclustering = new() }, new DeepClusterOptions(ReassignSteps: 3, MemoryBatches: 2, Dimensions: 8), _context),
        "inmars restarted" => LearningEntries.Open(new LearnerOptions(Training, Everything with { RampSteps = 2, RestartBelow = 0.9 }), _context),
        "inmars accumulating" => LearningEntries.Open(new LearnerOptions(Training with { Accumulate = 2 }, Everything), _context),
        _ => LearningEntries.Open(new LearnerOptions(Training, Everything), _context),
    };
}
