using InMARS.Cli.Benchmarks.Running;
using InMARS.Cli.RunFiles;

namespace InMARS.Bench;

/// <summary>Managed memory that an image costs: of flows in steady state, and of single kernels, which give arrays of their own.</summary>
internal static class Allocation
{
    private const double Target = 4096;

    private const string Read = "{ use: image.decode, with: { labels: { use: false } } }";
    private const string Cut = "{ use: superpixel.slic, with: { region_size: 16, cache: false } }";

    private static readonly (string Name, string Steps, string Sink, bool ManyEpochs)[] _flows =
    [
        ("read to pixels", Read, "bench.ignore_images", true),
        ("read to superpixels written", $"{Read}, {Cut}", "write.superpixels", false),
        ("read to batch", $"{Read}, {Cut}, {{ use: batch, with: {{ size: 8 }} }}, {{ use: collate }}", "bench.ignore", true),
    ];

    public static async Task<Measured> MeasureAsync(Workbench bench)
    {
        var figures = new List<Figure>();
        foreach (var (width, height, images, epochs) in bench.Pick<(int, int, int, int)[]>([(200, 200, 240, 8), (480, 360, 160, 5), (1024, 1024, 48, 3)], [(64, 48, 8, 2)]))
        {
            var shards = bench.Shards(images, width, height);
            foreach (var flow in _flows)
            {
                var name = $"{width} x {height}, {flow.Name}, an image";
                figures.Add(new Figure(name, await FlowAsync(bench, Text(shards, flow.Steps, flow.Sink, flow.ManyEpochs ? epochs : 1)), "B", FigureKind.Bytes) { Target = Target });
            }
        }

        foreach (var kernel in (await KernelCosts.RunAsync<ImageKernels>(bench)).OrderBy(k => Array.IndexOf(ImageKernels.Sizes, k.Size)))
        {
            figures.Add(kernel.Time($"kernel: {kernel.Name}"));
            figures.Add(kernel.Allocated($"kernel: {kernel.Name}, allocated", null));
        }

        return new Measured("scenes, seed 7, region size 16, simd; flows over shards, from a third of the images to 95 % of them; kernels by BenchmarkDotNet, on a JPEG", figures);
    }

    /// <returns>Bytes of an image; those of all the process, so what the run itself does beside is in it.</returns>
    private static async Task<double> FlowAsync(Workbench bench, string flow)
    {
        using var marks = new ProgressMarks(() => GC.GetTotalAllocatedBytes(precise: true), 1.0 / 3, 0.95);
        await bench.RunAsync(flow, observer: marks);
        var (first, last) = (marks.Read()[0], marks.Read()[1]);
        return (double)(last.Value - first.Value) / Math.Max(1, last.Done - first.Done);
    }

    private static string Text(string shards, string steps, string sink, int epochs) => $$"""
          - name: allocation
            epochs: {{epochs}}
            source: { use: shard.read, with: { path: {{Yaml.Quote(shards)}} } }
            steps: [{{steps}}]
            sinks: [{ use: {{sink}} }]
        """;
}
