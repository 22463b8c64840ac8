using InMARS.Cli.RunFiles;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;
using InMARS.Stages.Learning;
using InMARS.Stages.Learning.Fused;
using InMARS.Stages.Synthesis;

namespace InMARS.Cli.Benchmarks;

/// <summary>What <c>inmars bench inference</c> measures.</summary>
/// <param name="Images">Synthetic scenes of 480 x 360 in a round.</param>
/// <param name="Rounds">Rounds of everything in turn.</param>
internal sealed record InferenceBenchRequest(int Images, int Rounds);

/// <summary>
/// What a predicted image costs beside its floor, the bare convolutions of torch: the default network by itself, fused and
/// not, and the whole flow from shards to label maps.
/// </summary>
internal sealed class InferenceBench(InferenceBenchRequest request, Shell shell)
{
    private const int Height = 360;
    private const int Width = 480;
    private const int Clusters = 5;
    private static readonly NetworkOptions _shape = new();

    /// <summary>The plain program of the target: DataLoader with 2 workers, OpenCV's SLIC, the same network in PyTorch, label maps out.</summary>
    private const double PlainImagesASecond = 3.3;

    public async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("inmars-bench-").FullName;
        try
        {
            using var network = new Segmenter(_shape, Clusters, 0, 7, TorchSharp.torch.CPU);
            Checkpoint.Save(Path.Combine(folder, Checkpoint.FileName), network.State, ModelCard.Of(new TrainingOptions(Clusters) { Network = _shape }, new InmarsOptions()));
            SyntheticShards.Write(Path.Combine(folder, "scenes"), new SyntheticSet(request.Images, 7, new SceneOptions(Width, Height)), stop: shell.Interrupt);
            using var convolutions = new BareConvolutions(_shape, Height, Width);
            var works = Works(folder, network, convolutions);
            Print(works, await InterleavedRounds.OfAsync(request.Rounds, request.Images, [.. works.Select(w => w.Run)], shell.Interrupt));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private List<Work> Works(string folder, Segmenter network, BareConvolutions convolutions)
    {
        TorchRuntime.SetThreads(0);
        var fused = new FusedNetwork(network, TorchRuntime.ThreadCount(0));
        var image = new RgbImage(new Origin("bench", "0"), Height, Width, 3, SyntheticScenes.Make(7, new SceneOptions(Width, Height)).Pixels);
        return
        [
            new("floor: torch's convolutions, nothing else", Repeat(convolutions.Run)),
            new("network, not fused: pixels to clusters", Repeat(() => UnfusedClusters.Of(network, image))),
            new("network, fused: pixels to clusters", Repeat(() => _ = fused.Score(image).Pixels())),
            new("flow, not fused, superpixels by simd", Flow(folder, fuse: false, "simd")),
            new("flow, fused, superpixels by simd", Flow(folder, fuse: true, "simd")),
            new("flow, fused, superpixels by opencv", Flow(folder, fuse: true, "opencv")),
        ];
    }

    private Func<Task> Repeat(Action work) => () =>
    {
        for (var i = 0; i < request.Images; i++)
        {
            work();
        }

        return Task.CompletedTask;
    };

    private Func<Task> Flow(string folder, bool fuse, string engine) => async () =>
    {
        var text = $$"""
            run: { name: bench, output: {{Yaml.Quote(Path.Combine(folder, "run"))}} }
            flows:
              - name: predict
                source: { use: shard.read, with: { path: {{Yaml.Quote(Path.Combine(folder, "scenes"))}} } }
                steps:
                  - { use: image.decode, with: { labels: { use: false } } }
                  - { use: superpixel.slic, with: { region_size: 24, cache: false, engine: {{engine}} } }
                  - { use: batch, with: { size: 8 } }
                  - { use: segment, with: { model: {{Yaml.Quote(folder)}}, fuse: {{(fuse ? "true" : "false")}} } }
                sinks:
                  - { use: write.labels }

            """;
        var plan = RunFile.Parse(text, "bench", [], shell.BuiltIn).Match(p => p, errors => throw new InvalidOperationException(string.Join('\n', errors)));
        var outcome = await Runner.RunAsync(plan, new RunOptions(true, shell.Time), shell.Settle(plan.Settings), shell.Interrupt);
        if (outcome.Error is { } error)
        {
            throw new RunException(error);
        }
    };

    private void Print(List<Work> works, IReadOnlyList<IReadOnlyList<ImageTimes>> times)
    {
        var floor = times[0];
        shell.Out.WriteLine($"the default network, {Width} x {Height}, {Environment.ProcessorCount} cores; {request.Rounds} rounds of {request.Images} images, all rows in turn; minimum / median\n");
        shell.Out.WriteLine($"| work | ms an image | images/s | of the floor | processor, ms an image | of the floor's | images/s of the plain program's {PlainImagesASecond} |\n|---|---|---|---|---|---|---|");
        foreach (var (work, t) in works.Zip(times))
        {
            var (wall, processor) = (Of(t, i => i.Wall), Of(t, i => i.Processor));
            shell.Out.WriteLine(FormattableString.Invariant(
                $"| {work.Name} | {wall.Minimum:0.0} / {wall.Median:0.0} | {1000 / wall.Median:0.00} | {Ratio(t, floor, i => i.Wall)} | {processor.Minimum:0.0} / {processor.Median:0.0} | {Ratio(t, floor, i => i.Processor)} | {1000 / wall.Median / PlainImagesASecond:0.00} |"));
        }

        shell.Out.WriteLine($"\nnot fused / fused: network {Ratio(times[1], times[2], i => i.Wall)}, flow {Ratio(times[3], times[4], i => i.Wall)}; by processor time {Ratio(times[1], times[2], i => i.Processor)} and {Ratio(times[3], times[4], i => i.Processor)}");
    }

    private static string Ratio(IReadOnlyList<ImageTimes> a, IReadOnlyList<ImageTimes> b, Func<ImageTimes, double> of)
    {
        var (mine, other) = (Of(a, of), Of(b, of));
        return FormattableString.Invariant($"{mine.Minimum / other.Minimum:0.00} / {mine.Median / other.Median:0.00}");
    }

    private static (double Minimum, double Median) Of(IReadOnlyList<ImageTimes> times, Func<ImageTimes, double> of) =>
        (times.Min(of), times.Select(of).Order().ElementAt(times.Count / 2));

    /// <param name="Run">Works through the images of a round.</param>
    private sealed record Work(string Name, Func<Task> Run);
}
