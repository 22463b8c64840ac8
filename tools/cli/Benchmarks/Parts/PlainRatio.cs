using InMARS.Cli.Benchmarks.Running;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Learning;

namespace InMARS.Cli.Benchmarks.Parts;

/// <summary>A step of the learner, with the network of six layers and one head, beside the same step in plain calls.</summary>
internal static class PlainRatio
{
    private const int Clusters = 5;
    private const double Target = 1.10;

    public static async Task<IEnumerable<Figure>> MeasureAsync(Workbench bench, ImageBatch batch)
    {
        using var plain = new PlainStep();
        using var learner = LearningEntries.Open(new LearnerOptions(new TrainingOptions(Clusters), new InmarsOptions()), new BenchContext(new BenchHost(bench.PathOf("plain"))));
        var times = await bench.Rounds(7).TimeAsync(bench.Stop, () => learner.Step(batch, new ItemContext(0, 0, 7, 0.5)), () => plain.Run(batch));
        return
        [
            Figure.Time("plain: a step of learn.inmars", times[0].Wall),
            Figure.Time("plain: the same in plain TorchSharp calls", times[1].Wall),
            Figure.Ratio("plain: learn.inmars / plain calls", times[0].Wall, times[1].Wall) with { Target = Target },
        ];
    }
}
