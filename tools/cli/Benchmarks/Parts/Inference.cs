using InMARS.Cli.Benchmarks.Running;
using InMARS.Stages.Images;
using InMARS.Stages.Learning;
using InMARS.Stages.Learning.Fused;

namespace InMARS.Cli.Benchmarks.Parts;

/// <summary>
/// What a predicted image costs beside its floor, the bare convolutions of torch: the default network by itself, fused and
/// not, and the whole flow from shards to label maps.
/// </summary>
internal static class Inference
{
    private static readonly NetworkOptions _shape = new();

    /// <summary>2.5 times the images/s of a plain program: DataLoader with 2 workers, OpenCV's SLIC, the same network in PyTorch, label maps out.</summary>
    private const double WantedImagesASecond = 8.25;

    public static async Task<Measured> MeasureAsync(Workbench bench)
    {
        var (width, height) = bench.Pick((480, 360), (64, 48));
        var count = bench.Pick(24, 1);
        var model = bench.PathOf("model");
        using var network = RandomModel.Save(model);
        using var convolutions = new BareConvolutions(_shape, height, width);
        var works = Works(bench, (network, convolutions, model), BenchImages.Scene(7, width, height), count);
        var times = await bench.Rounds(3).TimeAsync(bench.Stop, [.. works.Select(w => w.Run)]);
        return new Measured($"the default network with {RandomModel.Clusters} clusters, {width} x {height}; {count} images a round, all rows in turn; whole runs of the flows", [.. Figures(works, [.. times.Select(t => t / count)])]);
    }

    private static List<Work> Works(Workbench bench, (Segmenter Network, BareConvolutions Convolutions, string Model) net, RgbImage image, int count)
    {
        TorchRuntime.SetThreads(0);
        var fused = new FusedNetwork(net.Network, TorchRuntime.ThreadCount(0));
        var scenes = bench.Shards(count, image.Width, image.Height);
        return
        [
            new("floor: torch's convolutions, nothing else", Repeat(count, net.Convolutions.Run)),
            new("network, not fused: pixels to clusters", Repeat(count, () => UnfusedClusters.Of(net.Network, image))),
            new("network, fused: pixels to clusters", Repeat(count, () => _ = fused.Score(image).Pixels())),
            new("flow, not fused, superpixels by simd", () => bench.RunAsync(PredictFlow.Text(scenes, net.Model, fuse: false, "simd"))),
            new("flow, fused, superpixels by simd", () => bench.RunAsync(PredictFlow.Text(scenes, net.Model, fuse: true, "simd"))),
            new("flow, fused, superpixels by opencv", () => bench.RunAsync(PredictFlow.Text(scenes, net.Model, fuse: true, "opencv"))),
        ];
    }

    private static IEnumerable<Figure> Figures(List<Work> works, IReadOnlyList<Timed> times) =>
    [
        .. works.Zip(times, (work, time) => Figure.Time($"{work.Name}, an image", time.Wall)),
        Figure.Rate("flow, fused, superpixels by simd", times[4].Wall, 1, "images/s") with { Target = WantedImagesASecond },
        Figure.Ratio("flow, fused / floor", times[4].Wall, times[0].Wall) with { Target = 1.15 },
        Figure.Ratio("flow, fused / floor, processor time", times[4].Processor, times[0].Processor),
        Figure.Ratio("network, fused / floor", times[2].Wall, times[0].Wall),
        Figure.Ratio("network, not fused / fused", times[1].Wall, times[2].Wall, Better.Higher) with { Target = 1.3 },
        Figure.Ratio("flow, not fused / fused", times[3].Wall, times[4].Wall, Better.Higher) with { Target = 1.3 },
    ];

    private static Func<Task> Repeat(int count, Action work) => () =>
    {
        for (var i = 0; i < count; i++)
        {
            work();
        }

        return Task.CompletedTask;
    };

    /// <param name="Run">Works through the images of a round.</param>
    private sealed record Work(string Name, Func<Task> Run);
}
