using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Learning;
using InMARS.Stages.Rivals;
using InMARS.Tests.Stages.Learning;
using InMARS.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Rivals;

public sealed class RivalLearnersTests : IDisposable
{
    private static readonly TrainingOptions Training = new(2) { Network = Scene.SmallNetwork, LearningRate = 0.01 };
    private static readonly DeepClusterOptions Small = new(ReassignSteps: 3, MemoryBatches: 2, Dimensions: 8);
    private readonly FakeStageContext _context = new();

    public static TheoryData<string> Names => ["learn.iic", "learn.deepcluster"];

    public void Dispose() => _context.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_seed_trains_to_the_same_bits(string name)
    {
        float[] WeightsAfterFive()
        {
            using var learner = Open(name);
            using var batch = Scene.Batch();
            _ = Train(learner, batch, from: 0, count: 5);
            return Weights(learner);
        }

        Assert.Equal(WeightsAfterFive(), WeightsAfterFive());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Live_tensors_do_not_grow_with_steps_and_all_are_given_back(string name)
    {
        using var batch = Scene.Batch();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var learner = Open(name))
        {
            _ = Train(learner, batch, from: 0, count: 4);
            var early = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

            _ = Train(learner, batch, from: 4, count: 12);

            Assert.Equal(early, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Two_textures_become_two_clusters(string name)
    {
        using var learner = Open(name);
        using var batch = Scene.Batch(count: 6);

        _ = Train(learner, batch, from: 0, count: 60, total: 60);

        Assert.InRange(RightHalves(learner.Network, batch), 0.8, 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_report_holds_what_is_defined_and_zero_for_what_is_not(string name)
    {
        using var learner = Open(name);
        using var batch = Scene.Batch();

        var report = Train(learner, batch, from: 0, count: 2)[^1];

        Assert.Equal(2, report.Step);
        Assert.Equal(report.MarginalEntropy - report.ConditionalEntropy, report.MutualInformation, 1e-9);
        Assert.InRange(report.MarginalEntropy, 0, Math.Log(2) + 1e-6);
        Assert.Equal((0, 0, 0, 0), (report.Photometric, report.Spatial, report.FlippedByNoise, report.FlippedBySpace));
        Assert.Equal(report.Loss, _context.Shown["loss"]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_without_a_finite_loss_is_left_out_and_the_next_goes_on(string name)
    {
        using var learner = Open(name);
        using var good = Scene.Batch();
        using var bad = Scene.Batch();
        bad.Pixels[0].fill_(float.NaN);
        _ = Train(learner, good, from: 0, count: 1);
        var before = Weights(learner);

        Assert.Empty(Train(learner, bad, from: 1, count: 2));

        Assert.Equal(before, Weights(learner));
        Assert.Equal(2, Train(learner, good, from: 3, count: 2).Count);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_batch_of_one_small_image_is_learned_from(string name)
    {
        using var learner = Open(name);
        using var batch = Scene.Batch(count: 1, side: 4);

        Assert.Single(Train(learner, batch, from: 0, count: 1));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_end_of_a_flow_leaves_a_model_under_the_name_of_the_learner(string name)
    {
        using var learner = Open(name);
        using var batch = Scene.Batch();
        _ = Train(learner, batch, from: 0, count: 2);

        learner.Finish();

        using var loaded = Checkpoint.Load(Checkpoint.Resolve(_context.Run.Directory), CPU);
        Assert.Equal(2, loaded.Clusters);
        Assert.Contains(Assert.Single(_context.Reports).Headline, h => h.Key == "mutual_information");
    }

    [Fact]
    public void Heads_that_take_turns_train_the_one_with_more_clusters_first()
    {
        using var scope = NewDisposeScope();
        using var learner = Open("learn.iic", new IicOptions(Displacement: 1, Heads: HeadOrder.AlternateEpochs));
        using var batch = Scene.Batch();

        var (head, over) = (Head(learner, "head"), Head(learner, "overclustering"));
        _ = Train(learner, batch, from: 0, count: 1, epoch: 0);

        Assert.True(Head(learner, "head").equal(head).all().item<bool>());
        Assert.False(Head(learner, "overclustering").equal(over).all().item<bool>());
        _ = Train(learner, batch, from: 1, count: 1, epoch: 1);
        Assert.False(Head(learner, "head").equal(head).all().item<bool>());
    }

    [Fact]
    public void Labels_are_found_anew_after_so_many_steps()
    {
        using var learner = Open("learn.deepcluster");
        using var batch = Scene.Batch();

        _ = Train(learner, batch, from: 0, count: 7);

        var told = _context.Logged.Where(l => l.Kind == "pseudo_labels").Select(l => ((long)l.Data!["step"]!, (int)l.Data["superpixels"]!));
        Assert.Equal([(1L, batch.SuperpixelCount), (4, 2 * batch.SuperpixelCount), (7, 2 * batch.SuperpixelCount)], told);
        Assert.InRange(_context.Shown["kept"], 0.5, 1);
    }

    [Fact]
    public void A_step_of_several_batches_finds_labels_once()
    {
        using var learner = RivalsEntries.Open(Training with { Accumulate = 2 }, Small, _context);
        using var batch = Scene.Batch();

        var reports = Train(learner, batch, from: 0, count: 8);

        Assert.Equal(4, reports.Count);
        Assert.Equal([1L, 4], _context.Logged.Where(l => l.Kind == "pseudo_labels").Select(l => (long)l.Data!["step"]!));
    }

    private Learner Open(string name, IicOptions? options = null) => name == "learn.iic"
        ? RivalsEntries.Open(Training with { Overclustering = new OverclusteringOptions(6) }, options ?? new IicOptions(Displacement: 1), _context)
        : RivalsEntries.Open(Training, Small, _context);

    private static Tensor Head(Learner learner, string name) =>
        learner.Network.State.Single(s => s.Name == $"{name}.weight").Value.detach().clone();

    private static double RightHalves(Segmenter network, ImageBatch batch)
    {
        using var scope = NewDisposeScope();
        var clusters = network.Apply(batch.Pixels).argmax(1);
        var width = clusters.shape[2];
        var right = arange(width, ScalarType.Int64).ge(width / 2).to(ScalarType.Int64);
        var share = clusters.eq(right).to(ScalarType.Float32).mean().item<float>();
        return Math.Max(share, 1 - share);
    }

    private static float[] Weights(Learner learner) => [.. learner.Network.State.SelectMany(s => s.Value.data<float>().ToArray())];

    private static List<TrainingReport> Train(Learner learner, ImageBatch batch, int from, int count, int total = 100, int epoch = 0) =>
        [.. Enumerable.Range(from, count).SelectMany(i => Assert.IsType<Result<IReadOnlyList<TrainingReport>>.Ok>(
            learner.Step(batch, new ItemContext(i, epoch, (ulong)i * 77, (double)i / total))).Value)];
}
