using InMARS.Cli.Benchmarks.Running;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Superpixels;
using InMARS.Stages.Superpixels.Quality;

namespace InMARS.Cli.Benchmarks.Parts;

/// <summary>How well both engines of <c>superpixel.slic</c> follow segmentations; the same figures on every machine.</summary>
internal static class SuperpixelQualities
{
    private const int Most = 100;
    private static readonly SlicOptions _opencv = new(Engine: SlicEngine.OpenCv);
    private static readonly SlicOptions _simd = new(Engine: SlicEngine.Simd);

    public static Task<Measured> MeasureAsync(Workbench bench) => Task.Run(() => Measure(bench));

    private static Measured Measure(Workbench bench)
    {
        var files = BenchImages.Files(bench.Request.Images!, Most);
        var truth = new Segmentations(bench.Request.Labels!, ignore: null);
        var scores = bench.Pick<int[]>([100, 200, 400, 800], [100]).Select(count => Scores.Of(files, count, truth, bench.Stop)).ToList();
        return new Measured(
            $"the first {files.Count} images of '{bench.Request.Images}', means over their segmentations; boundary tolerance {SuperpixelQuality.Tolerance} of the diagonal; ratios at the count that opencv gave",
            [.. scores.SelectMany(s => s.Figures)])
        {
            Table = string.Join('\n', [QualityTable.Head, .. scores.SelectMany(s => s.Rows)]),
        };
    }

    /// <summary>The qualities of all images for one count that was asked for.</summary>
    /// <param name="Matched">Of our own engine, asked for as many as OpenCV's gave.</param>
    private sealed record Scores(int Count, IReadOnlyList<SuperpixelQuality> OpenCv, IReadOnlyList<SuperpixelQuality> Simd, IReadOnlyList<SuperpixelQuality> Matched)
    {
        public IEnumerable<string> Rows =>
        [
            QualityTable.Row($"opencv, asked for {Count}", OpenCv),
            QualityTable.Row($"simd, asked for {Count}", Simd),
            QualityTable.Row("simd, asked for as many as opencv gave", Matched),
        ];

        public IEnumerable<Figure> Figures =>
        [
            Ratio("boundary recall", q => q.BoundaryRecall, Better.Higher),
            Ratio("undersegmentation error", q => q.UndersegmentationError, Better.Lower),
            Ratio("achievable accuracy", q => q.AchievableAccuracy, Better.Higher),
        ];

        public static Scores Of(IReadOnlyList<string> files, int count, Segmentations truth, CancellationToken stop)
        {
            var (opencv, simd, matched) = (new List<SuperpixelQuality>(), new List<SuperpixelQuality>(), new List<SuperpixelQuality>());
            foreach (var file in files)
            {
                stop.ThrowIfCancellationRequested();
                opencv.Add(Quality(file, truth, _opencv with { RegionSize = null, Count = count }));
                simd.Add(Quality(file, truth, _simd with { RegionSize = null, Count = count }));
                matched.Add(Quality(file, truth, _simd with { RegionSize = null, Count = (int)opencv[^1].Count }));
            }

            return new Scores(count, opencv, simd, matched);
        }

        private Figure Ratio(string name, Func<SuperpixelQuality, double> of, Better better) =>
            new($"{Count} asked for, {name}, simd / opencv", of(SuperpixelQuality.Mean([.. Matched])) / of(SuperpixelQuality.Mean([.. OpenCv])), "", FigureKind.Ratio) { Better = better, Target = 1 };
    }

    private static SuperpixelQuality Quality(string file, Segmentations truth, SlicOptions options)
    {
        var image = BenchImages.Decode(file);
        var map = Slic.Cut(image, options).Match(m => m, fault => throw new RunException($"'{file}': {fault.Message}"));
        return truth.Measure(Path.GetFileNameWithoutExtension(file), map.Labels, map.Count, image.Width)
            ?? throw new RunException($"'{file}' has no segmentation; expected NAME.png, or NAME_1.png and so on");
    }
}
