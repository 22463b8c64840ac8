using System.Diagnostics;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Stages;

namespace InMARS.Bench;

/// <summary>Memory of the process at a tenth of a long flow and at its end.</summary>
internal static class MemoryFlatness
{
    public static IEnumerable<Figure> Measure(string root)
    {
        var shards = Flows.Shards(root, 160, 64, 48);
        yield return Ratio("20,000 images streamed to batches", root, $$"""
              - name: stream
                epochs: 125
                source: { use: shard.read, with: { path: {{shards}}, shuffle: true } }
                steps:
                  - use: image.decode
                  - use: image.flip
                  - use: superpixel.slic
                    with: { region_size: 8, cache: false }
                  - use: batch
                  - use: collate
                sinks:
                  - use: bench.ignore
            """);
        yield return Ratio("2,000 training steps", root, $$"""
              - name: train
                epochs: 100
                source: { use: shard.read, with: { path: {{shards}}, shuffle: true } }
                steps:
                  - use: image.decode
                  - use: superpixel.slic
                    with: { region_size: 8 }
                  - use: batch
                  - use: collate
                  - use: learn.inmars
                    with: { clusters: 3, network: { width: 4 } }
                sinks:
                  - use: write.metrics
            """);
    }

    private static Figure Ratio(string name, string root, string flow)
    {
        var host = new Watching(new BenchHost(Path.Combine(root, Guid.NewGuid().ToString("N")), threads: 2));
        Graph.RunAsync(Flows.Of(flow), host).GetAwaiter().GetResult();
        var end = Resident();
        return new Figure($"memory, {name}: end / tenth ({host.AtTenth >> 20} MiB at a tenth)", (double)end / host.AtTenth, "", "at most 1.05");
    }

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    /// <summary>Notes the resident memory when a tenth of the items has left the graph.</summary>
    private sealed class Watching(BenchHost inner) : IRunHost
    {
        private readonly Lock _gate = new();

        public long AtTenth { get; private set; }

        public RunSettings Settings => inner.Settings;

        public TimeProvider Time => inner.Time;

        public string PathInRun(params ReadOnlySpan<string> parts) => inner.PathInRun(parts);

        public void Log(string flow, string stage, string kind, string? message, JsonObject? data)
        {
        }

        public void Report(string flow, string stage, StageReport report)
        {
        }

        public void Rejected(Reject reject) => inner.Rejected(reject);

        public void Started(FlowProgress progress) => _ = Task.Run(async () =>
        {
            while (progress.Done() < progress.Total / 10)
            {
                await Task.Delay(5).ConfigureAwait(false);
            }

            lock (_gate)
            {
                AtTenth = Resident();
            }
        });
    }
}
