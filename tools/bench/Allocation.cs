using InMARS.Cli.Benchmarks.Running;
using InMARS.Cli.RunFiles;

namespace InMARS.Bench;

/// <summary>Managed memory that an image costs in steady state: by single kernels, and by the whole flow from read to batch.</summary>
internal static class Allocation
{
    private const double Target = 4096;

    public static async Task<Measured> MeasureAsync(Workbench bench)
    {
        var figures = new List<Figure>();
        foreach (var kernel in (await KernelCosts.RunAsync<ImageKernels>(bench)).OrderBy(k => Array.IndexOf(ImageKernels.Sizes, k.Size)))
        {
            figures.Add(kernel.Time($"{kernel.Name}, an image"));
            figures.Add(kernel.Allocated($"{kernel.Name}, allocated", Target));
        }

        foreach (var (width, height, images) in bench.Pick<(int, int, int)[]>([(64, 48, 640), (480, 360, 160), (1024, 1024, 32)], [(64, 48, 8)]))
        {
            figures.Add(await FlowAsync(bench, width, height, images));
        }

        return new Measured("scenes as JPEG, seed 7, region size 16, simd; kernels by BenchmarkDotNet, 9 iterations of 100 ms; the flow is read, decode, cut, batch of 8, collate: what twice the images allocate beyond what they do once, a pass to warm up before", figures);
    }

    /// <summary>Two epochs less one: what the start of a run takes is in both.</summary>
    private static async Task<Figure> FlowAsync(Workbench bench, int width, int height, int images)
    {
        var folder = bench.Scenes(images, width, height);
        await bench.RunAsync(Flow(folder, 1));
        var once = await AllocatedAsync(bench, folder, 1);
        var twice = await AllocatedAsync(bench, folder, 2);
        return new Figure($"flow, {width} x {height}, allocated an image", (double)(twice - once) / images, "B", FigureKind.Bytes) { Target = Target };
    }

    private static async Task<long> AllocatedAsync(Workbench bench, string folder, int epochs)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await bench.RunAsync(Flow(folder, epochs));
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private static string Flow(string folder, int epochs) => $$"""
          - name: stream
            epochs: {{epochs}}
            source: {{PredictRun.Source(folder)}}
            steps:
              - { use: image.decode, with: { labels: { use: false } } }
              - { use: superpixel.slic, with: { region_size: 16, cache: false } }
              - { use: batch, with: { size: 8 } }
              - { use: collate }
            sinks:
              - { use: bench.ignore }
        """;
}
