using System.Diagnostics;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;
using InMARS.Stages.Shards;
using InMARS.Stages.Superpixels;
using InMARS.Stages.Superpixels.Quality;

namespace InMARS.Cli.Benchmarks;

/// <summary>What <c>inmars bench superpixels</c> measures.</summary>
/// <param name="Images">Folder of images.</param>
/// <param name="Labels">Folder of their segmentations; null to measure speed only.</param>
/// <param name="Limit">Images that quality is measured on, the first by name.</param>
/// <param name="Rounds">Rounds of both engines in turn.</param>
internal sealed record SuperpixelBenchRequest(string Images, string? Labels, int Limit, int Rounds);

/// <summary>Speed and quality of the two engines of <c>superpixel.slic</c> beside each other.</summary>
internal sealed class SuperpixelBench(SuperpixelBenchRequest request, TextWriter output, CancellationToken stop)
{
    private const int SpeedImages = 3;

    /// <summary>Rounds of our own engine until the compiler has done its best.</summary>
    private const int WarmUp = 15;
    private static readonly SlicOptions _opencv = new(Engine: SlicEngine.OpenCv);
    private static readonly SlicOptions _simd = new(Engine: SlicEngine.Simd);
    private static readonly (int Width, int Height, int RegionSize)[] _sizes = [(480, 360, 24), (1024, 1024, 51), (200, 200, 12)];
    private static readonly int[] _counts = [100, 200, 400, 800];

    public Task RunAsync() => Task.Run(Run);

    private void Run()
    {
        string[] files = [.. Directory.EnumerateFiles(request.Images).Where(IsImage).Order(StringComparer.Ordinal).Take(request.Limit)];
        if (files.Length == 0)
        {
            throw new RunException($"'{request.Images}' holds no images; expected .jpg, .png, .bmp or .tif");
        }

        Speed([.. files.Take(SpeedImages).Select(Decode)]);
        if (request.Labels is { } labels)
        {
            output.WriteLine();
            Quality(files, new Segmentations(labels, ignore: null));
        }
    }

    private void Speed(RgbImage[] images)
    {
        output.WriteLine($"one thread, ms an image, minimum / median of {request.Rounds} rounds of both engines in turn, {images.Length} images a round\n");
        output.WriteLine("| size | region size | opencv | simd | ratio | ratio of processor time |\n|---|---|---|---|---|---|");
        foreach (var (width, height, size) in _sizes)
        {
            RgbImage[] resized = [.. images.Select(image => Resizing.Resize(image, new ResizingOptions(width, height, null)).Match(i => i, Refuse<RgbImage>))];
            for (var round = 0; round < WarmUp; round++)
            {
                Time(resized, _simd with { RegionSize = size });
            }

            var (opencv, simd) = (new List<Times>(), new List<Times>());
            for (var round = 0; round < request.Rounds; round++)
            {
                stop.ThrowIfCancellationRequested();
                opencv.Add(Time(resized, _opencv with { RegionSize = size }));
                simd.Add(Time(resized, _simd with { RegionSize = size }));
            }

            output.WriteLine($"| {width} x {height} | {size} | {Row(opencv, t => t.Wall)} | {Row(simd, t => t.Wall)} | {Ratio(opencv, simd, t => t.Wall)} | {Ratio(opencv, simd, t => t.Processor)} |");
        }
    }

    private static string Row(List<Times> times, Func<Times, double> of) => $"{times.Min(of):0.00} / {Median(times, of):0.00}";

    private static string Ratio(List<Times> a, List<Times> b, Func<Times, double> of) =>
        $"{a.Min(of) / b.Min(of):0.0} / {Median(a, of) / Median(b, of):0.0}";

    private static double Median(List<Times> times, Func<Times, double> of) => times.Select(of).Order().ElementAt(times.Count / 2);

    private static Times Time(RgbImage[] images, SlicOptions options)
    {
        var (start, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        foreach (var image in images)
        {
            Cut(image, options);
        }

        return new Times(
            Stopwatch.GetElapsedTime(start).TotalMilliseconds / images.Length, (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / images.Length);
    }

    /// <summary>Milliseconds of an image: by the clock, and of the processor, which other programs disturb less.</summary>
    private readonly record struct Times(double Wall, double Processor);

    private void Quality(string[] files, Segmentations truth)
    {
        output.WriteLine($"quality on {files.Length} images, means over their segmentations; boundary tolerance {SuperpixelQuality.Tolerance} of the diagonal\n");
        output.WriteLine(QualityTable.Head);
        foreach (var count in _counts)
        {
            var (opencv, simd, matched) = (new List<SuperpixelQuality>(), new List<SuperpixelQuality>(), new List<SuperpixelQuality>());
            foreach (var file in files)
            {
                stop.ThrowIfCancellationRequested();
                var image = Decode(file);
                opencv.Add(Measure(image, file, truth, _opencv with { RegionSize = null, Count = count }));
                simd.Add(Measure(image, file, truth, _simd with { RegionSize = null, Count = count }));
                matched.Add(Measure(image, file, truth, _simd with { RegionSize = null, Count = (int)opencv[^1].Count }));
            }

            output.WriteLine(QualityTable.Row($"opencv, asked for {count}", opencv));
            output.WriteLine(QualityTable.Row($"simd, asked for {count}", simd));
            output.WriteLine(QualityTable.Row("simd, asked for as many as opencv gave", matched));
        }
    }

    private static SuperpixelQuality Measure(RgbImage image, string file, Segmentations truth, SlicOptions options)
    {
        var map = Cut(image, options);
        return truth.Measure(Path.GetFileNameWithoutExtension(file), map.Labels, map.Count, image.Width)
            ?? throw new RunException($"'{file}' has no segmentation; expected NAME.png, or NAME_1.png and so on");
    }

    private static SuperpixelMap Cut(RgbImage image, SlicOptions options) => Slic.Cut(image, options).Match(map => map, Refuse<SuperpixelMap>);

    private static RgbImage Decode(string file) => new Decoding(DecodingOptions.Default)
        .Decode(new Sample(new Origin(file, ""), Path.GetFileName(file), File.ReadAllBytes(file)))
        .Match(image => image, fault => throw new RunException($"'{file}': {fault.Message}"));

    private static T Refuse<T>(Fault fault) => throw new RunException(fault.Message);

    private static bool IsImage(string file) => Path.GetExtension(file).ToUpperInvariant() is ".JPG" or ".JPEG" or ".PNG" or ".BMP" or ".TIF" or ".TIFF";
}
