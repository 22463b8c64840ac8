using InMARS.Cli.Benchmarks.Running;
using InMARS.Cli.RunFiles;

namespace InMARS.Cli.Benchmarks.Parts;

/// <summary>The flow of <c>inmars superpixels</c> with either engine: read, decode, cut, write 16-bit label maps.</summary>
internal static class SuperpixelFlow
{
    /// <summary>As many as CamVid has.</summary>
    private const int Images = 701;

    public static async Task<Measured> MeasureAsync(Workbench bench)
    {
        var (width, height, region) = bench.Pick((480, 360, 24), (48, 36, 8));
        var (folder, count, words) = bench.Photographs(bench.Pick(Images, 4), width, height);
        await bench.RunAsync(Flow(bench.Shards(bench.Pick(32, 2), width, height), region, "simd"));
        var times = await bench.Rounds(2, warmUps: 0).TimeAsync(bench.Stop, () => bench.RunAsync(Flow(folder, region, "opencv")), () => bench.RunAsync(Flow(folder, region, "simd")));
        var (opencv, simd) = (times[0], times[1]);
        return new Measured(
            $"{words}; region size {region}; all cores; whole runs, both engines in turn",
            [
                Figure.Rate("opencv", opencv.Wall, count, "images/s"),
                Figure.Rate("simd", simd.Wall, count, "images/s"),
                Figure.Ratio("simd / opencv, images/s", opencv.Wall, simd.Wall, Better.Higher) with { Target = 5 },
                Figure.Ratio("simd / opencv, images a second of processor time", opencv.Processor, simd.Processor, Better.Higher),
            ]);
    }

    private static string Flow(string input, int region, string engine) => $$"""
          - name: superpixels
            source: {{PredictRun.Source(input)}}
            steps:
              - { use: image.decode, with: { labels: { use: false } } }
              - { use: superpixel.slic, with: { region_size: {{region}}, cache: false, engine: {{engine}} } }
            sinks:
              - { use: write.superpixels }
        """;
}
