using System.Text.Json.Nodes;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Stages;
using InMARS.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Images;
using InMARS.Stages.Shards;
using InMARS.Stages.Superpixels;

namespace InMARS.Bench;

/// <summary>Managed bytes that an image allocates in steady state, through the real graph: what a flow allocates that ends behind each step.</summary>
internal static class Allocation
{
    private const int Images = 160;
    private const int Epochs = 5;

    private static readonly (int Width, int Height)[] _sizes = [(200, 200), (480, 360), (1024, 1024)];

    private static readonly (string Step, string Takes)[] _train =
    [
        ("{ use: image.decode }", "image"),
        ("{ use: image.crop, with: { width: 192, height: 192 } }", "image"),
        ("{ use: image.flip }", "image"),
        ("{ use: image.jitter }", "image"),
        ("{ use: superpixel.slic, with: { region_size: 16, cache: false } }", "map"),
        ("{ use: batch, with: { size: 8 } }", "list"),
        ("{ use: collate }", "batch"),
    ];

    private static readonly (string Step, string Takes)[] _predict =
    [
        ("{ use: image.decode }", "image"),
        ("{ use: image.resize, with: { scale: 0.5 } }", "image"),
        ("{ use: superpixel.slic, with: { region_size: 16, cache: false } }", "map"),
    ];

    public static IEnumerable<Figure> Measure(string root)
    {
        foreach (var (width, height) in _sizes)
        {
            var shards = Flows.Shards(root, Images, width, height);
            foreach (var (flow, steps) in new[] { ("train", _train), ("predict", _predict) })
            {
                for (var n = 0; n <= steps.Length; n++)
                {
                    var name = $"{flow} {width}x{height}, read to {(n == 0 ? "read" : steps[n - 1].Step.Split([' ', ','])[2])}";
                    var last = n == 0 ? "sample" : steps[n - 1].Takes;
                    yield return new Figure(name, PerImage(root, shards, steps[..n].Select(s => s.Step), $"allocation.{last}", Epochs), "B an image", "at most 4096");
                }
            }

            yield return new Figure(
                $"predict {width}x{height}, read to write.superpixels",
                PerImage(root, shards, _predict.Select(s => s.Step), "write.superpixels", epochs: 1), "B an image", "at most 4096");
        }
    }

    /// <summary>Bytes between a third of a flow and its end, by the number of images between.</summary>
    /// <param name="sink">Where it ends.</param>
    public static double PerImage(string root, string shards, IEnumerable<string> steps, string sink, int epochs)
    {
        var folder = Path.Combine(root, Guid.NewGuid().ToString("N"));
        var host = new Noting(new BenchHost(folder));
        var yaml = $$"""
            run: { name: bench }
            flows:
              - name: allocation
                epochs: {{epochs}}
                source: { use: shard.read, with: { path: {{shards}} } }
                steps: [{{string.Join(", ", steps)}}]
                sinks: [{ use: {{sink}} }]
            """;
        var plan = RunFile.Parse(yaml, "bench.yaml", [], [new StandardStages(), new AllocationEnds()])
            .Match(p => p.Flows[0], errors => throw new InvalidOperationException(string.Join('\n', errors)));
        _ = Graph.RunAsync(plan, host).GetAwaiter().GetResult();
        return host.BytesPerImage;
    }

    /// <summary>Notes what the process has allocated at a third of a flow and near its end.</summary>
    private sealed class Noting(BenchHost inner) : IRunHost
    {
        private Thread? _watch;
        private (long Done, long Bytes) _first;
        private (long Done, long Bytes) _last;

        public double BytesPerImage
        {
            get
            {
                _watch!.Join();
                return (double)(_last.Bytes - _first.Bytes) / (_last.Done - _first.Done);
            }
        }

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

        public void Started(FlowProgress progress)
        {
            _watch = new Thread(() => (_first, _last) = (At(progress, 1.0 / 3), At(progress, 0.95)));
            _watch.Start();
        }

        private static (long Done, long Bytes) At(FlowProgress progress, double share)
        {
            while (progress.Done() < progress.Total * share)
            {
                Thread.Sleep(1);
            }

            return (progress.Done(), GC.GetTotalAllocatedBytes(precise: true));
        }
    }
}

/// <summary>Ends of every type that look at nothing.</summary>
internal sealed class AllocationEnds : IStageModule
{
    public IEnumerable<StageEntry> Entries =>
    [
        End<Sample>("sample"),
        End<RgbImage>("image"),
        End<SuperpixelMap>("map"),
        End<IReadOnlyList<SuperpixelMap>>("list"),
        End<ImageBatch>("batch"),
    ];

    private static StageEntry End<T>(string name) =>
        StageEntry.Sink<T>($"allocation.{name}", "Ignores what it takes.", "Never fails.", (_, step) => Ignore<T>.Sink(step.Flow));
}
