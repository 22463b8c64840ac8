using System.Runtime.InteropServices;
using InMARS.Stages.Batching;
using InMARS.Stages.Learning;
using InMARS.Stages.Rivals;
using InMARS.Tests.Support;
using TorchSharp;
using static InMARS.Tests.Stages.Learning.Lessons;

namespace InMARS.Tests.Stages.Learning;

public sealed class NativeFailuresTests : IDisposable
{
    private const int Batches = 6;
    private static readonly TrainingOptions Training = new(Scene.Clusters) { Network = Scene.SmallNetwork, LearningRate = 0.01, Accumulate = 2 };
    private readonly FakeStageContext _context = new();

    public static TheoryData<string> Learners => ["inmars", "iic", "deepcluster"];

    public void Dispose() => _context.Dispose();

    [Theory]
    [MemberData(nameof(Learners))]
    public void A_batch_that_failed_is_learned_again_to_the_same_bits(string name)
    {
        ImageBatch[] batches = [.. Enumerable.Range(0, Batches).Select(i => Scene.Batch(seed: i))];
        var undisturbed = Learn(name, batches, failsAt: -1);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Assert.All(Enumerable.Range(0, Batches), at => Assert.Equal(undisturbed, Learn(name, batches, at)));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Array.ForEach(batches, batch => batch.Dispose());
    }

    [Fact]
    public void It_is_told_in_the_log_but_not_in_the_report()
    {
        using var batch = Scene.Batch();
        using var learner = Open("iic", (_, attempt) => attempt == 1 ? FaultyObjective.NoReason : null);
        Train(learner, batch, from: 0, count: 2);

        learner.Finish();

        Assert.DoesNotContain(Assert.Single(_context.Reports).Notes, note => note.Contains("failed", StringComparison.Ordinal));

        Assert.Equal(
            "stage: the tensor library failed (Expected false to be true, but got false.); the step is done again",
            Assert.Single(_context.Logged, l => l.Kind == "warning").Message);
    }

    [Fact]
    public void A_batch_that_fails_twice_ends_the_run()
    {
        using var batch = Scene.Batch();
        using var learner = Open("iic", (_, attempt) => attempt is 1 or 2 ? FaultyObjective.NoReason : null);

        var error = Assert.Throws<NativeException>(() => Train(learner, batch, from: 0, count: 2));

        Assert.Equal(FaultyObjective.NoReason, error.Message);
    }

    [Theory]
    [InlineData("CUDA out of memory. Tried to allocate 2.00 MiB", true)]
    [InlineData("CUDA error: out of memory", true)]
    [InlineData("[enforce fail at alloc_cpu.cpp:117] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 4000000000000 bytes. Error code 12 (Cannot allocate memory)", true)]
    [InlineData("[enforce fail at alloc_cpu.cpp:121] data. DefaultCPUAllocator: not enough memory: you tried to allocate 4000000000000 bytes.", true)]
    [InlineData("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`", true)]
    [InlineData("Expected false to be true, but got false.", false)]
    public void Want_of_memory_is_told_from_other_failures(string message, bool isMemory) =>
        Assert.Equal(isMemory, NativeFailures.IsOutOfMemory(new NativeException(message)));

    [Fact]
    public void So_it_is_as_the_library_says_it_here()
    {
        var error = Assert.Throws<ExternalException>(() => torch.empty(1L << 52));

        Assert.True(NativeFailures.IsOutOfMemory(error), error.Message);
    }

    private string Learn(string name, ImageBatch[] batches, int failsAt)
    {
        using var learner = Open(name, (_, attempt) => attempt == failsAt ? FaultyObjective.NoReason : null);
        var reports = batches.SelectMany((batch, i) => Train(learner, batch, i, count: 1, total: Batches)).ToList();
        return $"{string.Join('\n', reports)}\n{string.Join(',', Weights(learner))}";
    }

    private Learner Open(string name, Func<int, int, string?> fails)
    {
        var seen = new List<int>();
        return name switch
        {
            "iic" => new(Training, (network, random, _) => Faulty(new IicObjective(network, Training, new IicOptions(), random)), _context),
            "deepcluster" => new(Training, (network, random, _) => Faulty(new DeepClusterObjective(network, Pseudo, random, _context)), _context),
            _ => new(Many, (network, random, _) => Faulty(new InmarsObjective(network, new LearnerOptions(Many, Ramped), random)), _context, Ramped.Heads),
        };

        FaultyObjective Faulty(IObjective objective) => new(objective, seen, fails);
    }

    private static TrainingOptions Many => Training with { Overclustering = new OverclusteringOptions(6) };

    private static DeepClusterOptions Pseudo => new(ReassignSteps: 2, MemoryBatches: 2, Dimensions: 8);

    private static InmarsOptions Ramped => Everything with { RampSteps = 1, RestartBelow = 0.001 };
}
