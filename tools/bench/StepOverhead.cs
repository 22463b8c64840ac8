using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Images;
using InMARS.Stages.Learning;
using InMARS.Stages.Superpixels;
using InMARS.Stages.Synthesis;

namespace InMARS.Bench;

/// <summary>A training step of the learner, and through the whole graph, against the same step in plain calls.</summary>
internal static class StepOverhead
{
    private const int Steps = 4;

    public static IEnumerable<Figure> Measure(string root)
    {
        using var batch = Batch();
        using var plain = new PlainStep();
        using var learner = LearningEntries.Open(new LearnerOptions(new TrainingOptions(5), new InmarsOptions()), new BenchContext(new BenchHost(root)));
        var (ours, theirs) = Rounds.Interleaved(7, () => Repeat(() => learner.Step(batch, new ItemContext(0, 0, 7, 0.5))), () => Repeat(() => plain.Run(batch)));
        yield return new Figure("training step, 8 images of 128 x 96", ours.MedianMs / Steps, "ms", "");
        yield return new Figure("the same in plain TorchSharp calls", theirs.MedianMs / Steps, "ms", "");
        yield return new Figure("ratio of medians", ours.MedianMs / theirs.MedianMs, "", "at most 1.15");
        yield return new Figure("ratio of minima", ours.MinMs / theirs.MinMs, "", "at most 1.15");
        yield return new Figure("learn.inmars busy in its flow, data and SLIC beside it", Busy(root), "", "");
    }

    private static void Repeat(Action step)
    {
        for (var i = 0; i < Steps; i++)
        {
            step();
        }
    }

    private static double Busy(string root)
    {
        var shards = Flows.Shards(root, 80, 128, 96);
        var plan = Flows.Of($$"""
              - name: train
                epochs: 2
                source: { use: shard.read, with: { path: {{shards}}, shuffle: true } }
                steps:
                  - use: image.decode
                  - use: superpixel.slic
                    with: { region_size: 8, cache: false }
                  - use: batch
                  - use: collate
                  - use: learn.inmars
                    with: { clusters: 5 }
                sinks:
                  - use: write.metrics
            """);
        var summary = Graph.RunAsync(plan, new BenchHost(Path.Combine(root, "busy"))).GetAwaiter().GetResult();
        return summary.Stages.Single(s => s.Stage == "learn.inmars").Times.Busy;
    }

    private static ImageBatch Batch()
    {
        var maps = Enumerable.Range(0, 8).Select(i => SyntheticScenes.Make((ulong)i, new SceneOptions()))
            .Select((scene, i) => new RgbImage(new Origin("bench", $"{i}"), scene.Height, scene.Width, 3, scene.Pixels))
            .Select(image => Slic.Cut(image, new SlicOptions { RegionSize = 8 }).Match(map => map, fault => throw new InvalidOperationException(fault.Message)));
        return Collation.Collate([.. maps]).Match(batch => batch, fault => throw new InvalidOperationException(fault.Message));
    }
}
