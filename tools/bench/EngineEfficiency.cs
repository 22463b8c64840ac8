using System.Diagnostics;
using InMARS.Pipeline.Graphs;

namespace InMARS.Bench;

/// <summary>How much of the cores the predict flow without the network uses: read, decode, resize, SLIC, write.</summary>
internal static class EngineEfficiency
{
    private const int Images = 200;

    public static IEnumerable<Figure> Measure(string root)
    {
        var shards = Flows.Shards(root, Images, 480, 360);
        var plan = Flows.Of($$"""
              - name: cut
                source: { use: shard.read, with: { path: {{shards}} } }
                steps:
                  - use: image.decode
                  - use: image.resize
                    with: { width: 320, height: 240 }
                  - use: superpixel.slic
                    with: { region_size: 16, cache: false }
                sinks:
                  - use: write.superpixels
            """);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var summary = Graph.RunAsync(plan, new BenchHost(Path.Combine(root, "cut"))).GetAwaiter().GetResult();
        var used = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        var cores = summary.Elapsed.TotalSeconds * Environment.ProcessorCount;
        yield return new Figure("engine efficiency: kernel time / (wall x cores)", summary.Stages.Sum(s => s.Times.KernelSeconds) / cores, "", "at least 0.90");
        yield return new Figure("the same by processor time of the process", used.TotalSeconds / cores, "", "(told beside it: kernels that wait for a core count above)");
        yield return new Figure("images of 480 x 360, read to superpixels written", summary.Read / summary.Elapsed.TotalSeconds, "images/s", "");
    }
}
