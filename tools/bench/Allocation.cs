using InMARS.Cli.Benchmarks.Running;
using InMARS.Cli.RunFiles;

namespace InMARS.Bench;

/// <summary>Managed memory that an image costs: of flows in steady state, and of single kernels, which give arrays of their own.</summary>
internal static class Allocation
{
    private const double Target = 4096;

    /// <summary>Shares of a flow between which its bytes are taken: five parts of its second half.</summary>
    private static readonly double[] _marks = [0.5, 0.59, 0.68, 0.77, 0.86, 0.95];

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
        foreach (var (width, height, images, epochs) in bench.Pick<(int, int, int, int)[]>([(200, 200, 600, 4), (480, 360, 400, 4), (1024, 1024, 200, 4)], [(64, 48, 8, 2)]))
        {
            var shards = bench.Shards(images, width, height);
            foreach (var flow in _flows)
            {
                var name = $"{width} x {height}, {flow.Name}";
                var (median, mean) = await FlowAsync(bench, Text(shards, flow.Steps, flow.Sink, flow.ManyEpochs ? epochs : 1));
                figures.Add(new Figure($"{name}, an image", median, "B", FigureKind.Bytes) { Target = Target });
                figures.Add(new Figure($"{name}, an image, with what pools still grow", mean, "B", FigureKind.Bytes));
            }
        }

        foreach (var kernel in (await KernelCosts.RunAsync<ImageKernels>(bench)).OrderBy(k => Array.IndexOf(ImageKernels.Sizes, k.Size)))
        {
            figures.Add(kernel.Time($"kernel: {kernel.Name}"));
            figures.Add(kernel.Allocated($"kernel: {kernel.Name}, allocated", null));
        }

        return new Measured("scenes, seed 7, region size 16, simd; flows over shards, the median of five parts of their second half, and the mean of it; kernels by BenchmarkDotNet, on a JPEG", figures);
    }

    /// <returns>Bytes of an image; those of all the process, so what the run itself does beside is in it.</returns>
    private static async Task<(double Median, double Mean)> FlowAsync(Workbench bench, string flow)
    {
        using var watch = new ProgressMarks(() => GC.GetTotalAllocatedBytes(precise: true), _marks);
        await bench.RunAsync(flow, observer: watch);
        var marks = watch.Read();
        var parts = marks.Zip(marks.Skip(1), Between).Order().ToList();
        return (parts[parts.Count / 2], Between(marks[0], marks[^1]));
    }

    private static double Between((long Done, long Bytes) from, (long Done, long Bytes) to) => (double)(to.Bytes - from.Bytes) / Math.Max(1, to.Done - from.Done);

    private static string Text(string shards, string steps, string sink, int epochs) => $$"""
          - name: allocation
            epochs: {{epochs}}
            source: { use: shard.read, with: { path: {{Yaml.Quote(shards)}} } }
            steps: [{{steps}}]
            sinks: [{ use: {{sink}} }]
        """;
}
