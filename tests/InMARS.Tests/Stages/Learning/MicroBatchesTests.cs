using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Learning;
using InMARS.Tests.Support;
using TorchSharp;
using static InMARS.Tests.Stages.Learning.Lessons;

namespace InMARS.Tests.Stages.Learning;

/// <summary>Batches for which there is no memory.</summary>
public sealed class MicroBatchesTests : IDisposable
{
    private static readonly TrainingOptions Training = new(Scene.Clusters) { Network = Scene.SmallNetwork, LearningRate = 0.01, Overclustering = new(6) };

    // Nothing random, but everything that an objective keeps from batch to batch.
    private static readonly InmarsOptions Still = new(MuEnd: 1.6)
    {
        Photometric = new PhotometricOptions(Weight: 0),
        Spatial = new SpatialOptions(Weight: 0),
        MarginalMemory = 0.5,
        Heads = 2,
    };

    private readonly FakeStageContext _context = new();
    private readonly List<int> _seen = [];

    public void Dispose() => _context.Dispose();

    [Theory]
    [InlineData(4, 2, 2)]
    [InlineData(4, 1, 4)]
    [InlineData(3, 1, 3)]
    public void A_batch_without_memory_is_the_step_of_its_parts_accumulated(int images, int most, int parts)
    {
        using var whole = Open(Training, Failing(most));
        using var accumulating = Open(Training with { Accumulate = parts }, Never);
        using var batch = Scene.Batch(images);
        ImageBatch[] pieces = [.. Enumerable.Range(0, parts).Select(i => new BatchPart(batch, i * images / parts, images / parts).Cut())];

        var one = Train(whole, batch, from: 0, count: 1).Concat(Train(whole, batch, from: 0, count: 1)).ToList();
        var sum = pieces.Concat(pieces).SelectMany(piece => Train(accumulating, piece, from: 0, count: 1)).ToList();

        Assert.Equal(Weights(accumulating), Weights(whole), Near);
        Assert.Equal(2, one.Count);
        Assert.Equal(sum[^1].Loss, one[^1].Loss, 1e-5);
        Assert.Equal(sum[^1].MutualInformation, one[^1].MutualInformation, 1e-5);
        Array.ForEach(pieces, piece => piece.Dispose());
    }

    [Fact]
    public void A_failed_attempt_takes_nothing_from_the_batches_of_the_same_step()
    {
        using var tight = Open(Training with { Accumulate = 2 }, Failing(2));
        using var wide = Open(Training with { Accumulate = 3 }, Never);
        using var small = Scene.Batch(2, seed: 5);
        using var large = Scene.Batch(4);
        using var first = new BatchPart(large, 0, 2).Cut();
        using var second = new BatchPart(large, 2, 2).Cut();

        Train(tight, small, from: 0, count: 1);
        var report = Assert.Single(Train(tight, large, from: 0, count: 1));
        _ = new[] { small, first, second }.SelectMany(batch => Train(wide, batch, from: 0, count: 1)).ToList();

        Assert.Equal([2, 4, 2, 2, 2, 2, 2], _seen);
        Assert.Equal(1, report.Step);
        Assert.Contains(_context.Logged, l => l.Kind == "warning");
        Assert.NotEqual(Weights(wide), Weights(tight)); // (a + (b + c) / 2) / 2 is not (a + b + c) / 3
    }

    [Fact]
    public void What_did_not_fit_once_is_not_tried_again()
    {
        using var learner = Open(Training, (images, _) => images > 3 ? FaultyObjective.NoMemory : null);
        using var batch = Scene.Batch(4);
        using var smaller = Scene.Batch(6, side: 16);

        Train(learner, batch, from: 0, count: 3);
        Train(learner, smaller, from: 3, count: 1);

        Assert.Equal([4, 2, 2, 2, 2, 2, 2, 3, 3], _seen); // three of 16x16 pixels are no more than two of 24x24
        Assert.Equal(
            "stage: out of memory with 4 images of 24x24 pixels at once; goes on with 2, and adds up the gradients of the whole batch",
            _context.Logged.First(l => l.Kind == "warning").Message);
    }

    [Fact]
    public void The_halving_is_told_in_the_report()
    {
        using var learner = Open(Training, Failing(2));
        using var batch = Scene.Batch(4);
        Train(learner, batch, from: 0, count: 2);

        learner.Finish();

        Assert.Contains(
            "Memory ran out 1 times: batches went through the network in parts of at most 1152 pixels, with the same effective batch.",
            Assert.Single(_context.Reports).Notes);
    }

    [Fact]
    public void A_learner_that_was_saved_knows_how_much_fits()
    {
        using var batch = Scene.Batch(4);
        using var saved = Open(Training, Failing(2));
        Train(saved, batch, from: 0, count: 2);
        var state = StateArchive.Save();
        saved.Carry(state);
        Train(saved, batch, from: 2, count: 2);

        _seen.Clear();
        using var opened = Open(Training, Failing(2));
        opened.Carry(StateArchive.Load(state.Entries));
        Train(opened, batch, from: 2, count: 2);

        Assert.Equal([2, 2, 2, 2], _seen);
        Assert.Equal(Weights(saved), Weights(opened));
    }

    [Fact]
    public void A_single_image_without_memory_ends_the_run_and_says_what_helps()
    {
        using var learner = Open(Training, Failing(0));
        using var batch = Scene.Batch(3);

        var error = Assert.Throws<RunException>(() => Train(learner, batch, from: 0, count: 1));

        Assert.Equal([3, 1], _seen);
        Assert.Equal(
            "out of memory with a single image of 24x24 pixels, of a batch of 3; stage learns from smaller images (image.crop or image.resize), or with a smaller network (network.width, network.depth) or fewer clusters.",
            error.Message);
    }

    [Fact]
    public void Halving_leaves_no_tensor_behind()
    {
        using var batch = Scene.Batch(4);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using (var learner = Open(Training with { Accumulate = 2 }, Failing(2)))
        {
            Train(learner, batch, from: 0, count: 3);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static Func<int, int, string?> Failing(int most) => (images, _) => images > most ? FaultyObjective.NoMemory : null;

    private static string? Never(int images, int attempt) => null;

    private static bool Near(float a, float b) => Math.Abs(a - b) < 1e-5;

    private Learner Open(TrainingOptions training, Func<int, int, string?> fails) => new(
        training,
        (network, random, _) => new FaultyObjective(new InmarsObjective(network, new LearnerOptions(training, Still), random), _seen, fails),
        _context,
        Still.Heads);
}
