using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Learning;
using TorchSharp;

namespace InMARS.Tests.Stages.Learning;

/// <summary>What tests do with a learner.</summary>
internal static class Lessons
{
    /// <summary>An objective in which everything that keeps something between steps is at work.</summary>
    public static InmarsOptions Everything { get; } = new()
    {
        RampSteps = 3,
        Heads = 3,
        Merging = MergeRule.Exchange,
        MarginalMemory = 0.5,
        Balance = new BalanceOptions(Target: 0.3),
        Perturbations = PerturbationMix.Composed,
    };

    public static float[] Weights(Learner learner) => [.. learner.Network.State.SelectMany(s => s.Value.data<float>().ToArray())];

    public static List<TrainingReport> Train(Learner learner, ImageBatch batch, int from, int count, int total = 100) =>
        [.. Enumerable.Range(from, count).SelectMany(i => Assert.IsType<Result<IReadOnlyList<TrainingReport>>.Ok>(learner.Step(batch, Item(i, total))).Value)];

    public static ItemContext Item(int index, int total) => new(index, 0, (ulong)index * 77, (double)index / total);

    public static ImageBatch Spoilt()
    {
        var batch = Scene.Batch();
        batch.Pixels[0].fill_(float.NaN);
        return batch;
    }
}
