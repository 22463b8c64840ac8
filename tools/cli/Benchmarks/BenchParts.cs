using InMARS.Cli.Benchmarks.Parts;
using InMARS.Cli.Benchmarks.Running;

namespace InMARS.Cli.Benchmarks;

/// <summary>What a user may want to know of a machine; <c>tools/bench</c> adds what a developer watches.</summary>
internal static class BenchParts
{
    public static IReadOnlyList<BenchPart> All { get; } =
    [
        new("superpixels", "the two engines of superpixel.slic", SuperpixelSpeed.MeasureAsync),
        new("quality", "how well both engines follow segmentations", SuperpixelQualities.MeasureAsync) { NeedsLabels = true },
        new("flow", "read, decode, cut and write, with either engine", SuperpixelFlow.MeasureAsync),
        new("inference", "a predicted image beside the convolutions of its network", Inference.MeasureAsync),
        new("step", "a step of training beside its passes through the network", TrainingStep.MeasureAsync),
        new("efficiency", "what flows use of the cores", Efficiency.MeasureAsync),
        new("cache", "the first epoch beside the next", CacheGain.MeasureAsync),
    ];
}
