using InMARS.Cli.Benchmarks.Running;
using InMARS.Cli.RunFiles;

namespace InMARS.Bench;

/// <summary>Memory of the process at a tenth of a long flow and at its end.</summary>
internal static class MemoryFlatness
{
    private const int Images = 160;

    public static async Task<Measured> MeasureAsync(Workbench bench)
    {
        var shards = bench.Shards(bench.Pick(Images, 8), 64, 48);
        var (streamed, learned) = bench.Pick((125, 100), (10, 10));
        return new Measured(
            $"{bench.Pick(Images, 8)} scenes of 64 x 48, {streamed} epochs streamed to batches of 8, and {learned} of training with a network of width 4; 2 threads",
            [
                .. await GrowthAsync(bench, "streamed", $$"""
                  - name: stream
                    epochs: {{streamed}}
                    source: { use: shard.read, with: { path: {{Yaml.Quote(shards)}}, shuffle: true } }
                    steps:
                      - use: image.decode
                      - use: image.flip
                      - { use: superpixel.slic, with: { region_size: 8, cache: false } }
                      - use: batch
                      - use: collate
                    sinks:
                      - use: bench.ignore
                """),
                .. await GrowthAsync(bench, "trained", $$"""
                  - name: train
                    epochs: {{learned}}
                    source: { use: shard.read, with: { path: {{Yaml.Quote(shards)}}, shuffle: true } }
                    steps:
                      - use: image.decode
                      - { use: superpixel.slic, with: { region_size: 8 } }
                      - use: batch
                      - use: collate
                      - { use: learn.inmars, with: { clusters: 3, network: { width: 4 } } }
                    sinks:
                      - use: write.metrics
                """),
            ]);
    }

    private static async Task<IEnumerable<Figure>> GrowthAsync(Workbench bench, string name, string flow)
    {
        using var marks = new ProgressMarks(() => Environment.WorkingSet, 0.1);
        await bench.RunAsync(flow, "threads: 2", marks);
        var tenth = marks.Read()[0].Value;
        return
        [
            new Figure($"{name}, at a tenth", tenth / 1048576.0, "MiB", FigureKind.Bytes),
            new Figure($"{name}, end / tenth", (double)Environment.WorkingSet / tenth, "", FigureKind.Ratio) { Target = 1.05 },
        ];
    }
}
