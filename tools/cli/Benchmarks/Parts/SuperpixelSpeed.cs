using InMARS.Cli.Benchmarks.Running;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Images;
using InMARS.Stages.Superpixels;

namespace InMARS.Cli.Benchmarks.Parts;

/// <summary>The two engines of <c>superpixel.slic</c> beside each other, on one thread, from pixels to labels.</summary>
internal static class SuperpixelSpeed
{
    private const int Images = 3;

    /// <summary>Rounds of our own engine until the compiler has done its best.</summary>
    private const int WarmUp = 15;

    /// <summary>Width, height, region size, and how many times faster than OpenCV's our own engine is to be.</summary>
    private static readonly (int Width, int Height, int RegionSize, double Target)[] _sizes = [(480, 360, 24, 12), (1024, 1024, 51, 12), (200, 200, 12, 10)];

    public static async Task<Measured> MeasureAsync(Workbench bench)
    {
        var (folder, count, words) = bench.Photographs(Images, 480, 360);
        var images = BenchImages.Files(folder, count).Select(BenchImages.Decode).ToList();
        var figures = new List<Figure>();
        foreach (var (width, height, region, target) in _sizes)
        {
            var (w, h, r) = bench.Pick((width, height, region), (width / 8, height / 8, 8));
            List<RgbImage> resized = [.. images.Select(image => Resizing.Resize(image, new ResizingOptions(w, h, null)).Match(i => i, Refuse<RgbImage>))];
            figures.AddRange(await MeasureAsync(bench, resized, $"{width} x {height}", r, target));
        }

        return new Measured($"{words}, resized; ruler 10, 10 iterations, region sizes {string.Join(", ", _sizes.Select(s => s.RegionSize))}; one thread; both engines in turn", figures);
    }

    private static async Task<IEnumerable<Figure>> MeasureAsync(Workbench bench, List<RgbImage> images, string size, int region, double target)
    {
        var (opencv, simd) = (new SlicOptions(RegionSize: region, Engine: SlicEngine.OpenCv), new SlicOptions(RegionSize: region, Engine: SlicEngine.Simd));
        for (var round = 0; round < bench.Pick(WarmUp, 0); round++)
        {
            Cut(images, simd);
        }

        var times = await bench.Rounds(9).TimeAsync(bench.Stop, () => Cut(images, opencv), () => Cut(images, simd));
        var (theirs, ours) = (times[0] / images.Count, times[1] / images.Count);
        return
        [
            Figure.Time($"{size}, opencv, an image", theirs.Wall),
            Figure.Time($"{size}, simd, an image", ours.Wall),
            Figure.Ratio($"{size}, opencv / simd", theirs.Wall, ours.Wall, Better.Higher) with { Target = target },
            Figure.Ratio($"{size}, opencv / simd, processor time", theirs.Processor, ours.Processor, Better.Higher),
        ];
    }

    private static void Cut(List<RgbImage> images, SlicOptions options)
    {
        foreach (var image in images)
        {
            _ = Slic.Cut(image, options).Match(map => map, Refuse<SuperpixelMap>);
        }
    }

    private static T Refuse<T>(Fault fault) => throw new RunException(fault.Message);
}
