using InMARS.Cli.Benchmarks.Running;
using InMARS.Cli.Benchmarks.Scale;
using InMARS.Cli.RunFiles;
using InMARS.Pipeline.Graphs;

namespace InMARS.Cli.Benchmarks.Parts;

/// <summary>How much of the cores whole flows use: kernel times over wall time and cores, and processor time beside it.</summary>
internal static class Efficiency
{
    private const double Target = 0.95;
    private const string Learner = "learn.inmars";

    public static async Task<Measured> MeasureAsync(Workbench bench)
    {
        var (width, height) = bench.Pick((480, 360), (64, 48));
        var (cut, predicted, learned) = bench.Pick((400, 64, 160), (4, 2, 8));
        var (w, h) = bench.Pick((128, 96), (32, 24));
        var model = bench.PathOf("model");
        RandomModel.Save(model).Dispose();
        var superpixels = await FlowTimes.OfAsync(bench, Cut(bench.Shards(cut, width, height)));
        var predict = await FlowTimes.OfAsync(bench, PredictFlow.Text(bench.Shards(predicted, width, height), model, fuse: true, "simd"));
        var train = await FlowTimes.OfAsync(bench, Train(bench.Shards(learned, w, h)));
        return new Measured(
            $"whole runs over shards of scenes: {cut} of {width} x {height} to superpixels, {predicted} of them to label maps by the default network, two epochs of {learned} of {w} x {h} by {Learner} as the recipe has it; all cores; no cache",
            [
                .. superpixels.Figures("superpixels"),
                .. predict.Figures("predict"),
                .. train.Figures("train"),
                Share($"train: {Learner} busy", train.Summary.Stages.Single(s => s.Stage == Learner).Times.Busy),
            ]);
    }

    private static Figure Share(string name, double value) => new(name, value, "", FigureKind.Ratio) { Better = Better.Higher };

    private static string Cut(string scenes) => $$"""
          - name: superpixels
            source: { use: shard.read, with: { path: {{Yaml.Quote(scenes)}} } }
            steps:
              - { use: image.decode, with: { labels: { use: false } } }
              - { use: superpixel.slic, with: { region_size: 16, cache: false } }
            sinks:
              - { use: write.superpixels }
        """;

    private static string Train(string scenes) => $$"""
          - name: train
            epochs: 2
            source: { use: shard.read, with: { path: {{Yaml.Quote(scenes)}}, shuffle: true } }
            steps:
              - { use: image.decode, with: { labels: { use: false } } }
              - { use: superpixel.slic, with: { region_size: 8, cache: false } }
              - { use: batch, with: { size: 8 } }
              - { use: collate }
              - { use: {{Learner}}, with: { clusters: 5 } }
            sinks:
              - { use: write.metrics }
        """;

    /// <summary>A flow of a run, and the processor time of the run.</summary>
    private sealed record FlowTimes(FlowSummary Summary, TimeSpan Processor, Pace Pace)
    {
        /// <summary>Cores that a kernel of a stage has: those of networks have all.</summary>
        private static int Threads(string stage) => stage is Learner or "segment" ? Environment.ProcessorCount : 1;

        private double Cores => Summary.Elapsed.TotalSeconds * Environment.ProcessorCount;

        public static async Task<FlowTimes> OfAsync(Workbench bench, string flow)
        {
            var (before, watch) = (Environment.CpuUsage.TotalTime, new ProcessorWatch());
            var flows = await bench.RunAsync(flow, observer: watch);
            return new FlowTimes(flows[0], Environment.CpuUsage.TotalTime - before, watch.Flows[0].Pace);
        }

        public IEnumerable<Figure> Figures(string name) =>
        [
            Share($"{name}: kernel time / (wall x cores)", Summary.Stages.Sum(s => s.Times.KernelSeconds) / Cores) with { Target = Target },
            .. Summary.Stages.Any(s => Threads(s.Stage) > 1)
                ? [Share($"{name}: the same, kernels of the network for all cores", Summary.Stages.Sum(s => s.Times.KernelSeconds * Threads(s.Stage)) / Cores)]
                : Array.Empty<Figure>(),
            Share($"{name}: processor time / (wall x cores)", Processor.TotalSeconds / Cores),
            Share($"{name}: the same, without how it begins and ends", Pace.ProcessorSeconds / (Pace.Seconds * Environment.ProcessorCount)),
            Share($"{name}: cores that other programs had meanwhile", Pace.Others) with { Better = Better.Lower },
            new Figure($"{name}: images", Summary.Read / Summary.Elapsed.TotalSeconds, "images/s", FigureKind.Rate),
        ];
    }
}
