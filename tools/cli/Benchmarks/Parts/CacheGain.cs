using InMARS.Cli.Benchmarks.Running;
using InMARS.Cli.RunFiles;

namespace InMARS.Cli.Benchmarks.Parts;

/// <summary>What the superpixel cache spares: read to batch with nothing in it, and again with everything.</summary>
internal static class CacheGain
{
    private const int Images = 120;

    public static async Task<Measured> MeasureAsync(Workbench bench)
    {
        var (width, height) = bench.Pick((480, 360), (64, 48));
        var (folder, count, words) = bench.Photographs(bench.Pick(Images, 4), width, height);
        var figures = new List<Figure>();
        foreach (var engine in new[] { "simd", "opencv" })
        {
            var (cold, warm) = await TwiceAsync(bench, engine, folder, count);
            figures.Add(Figure.Time($"{engine}, nothing in the cache, an image", cold));
            figures.Add(Figure.Time($"{engine}, all in the cache, an image", warm));
            figures.Add(Figure.Ratio($"{engine}, nothing / all in the cache", cold, warm, Better.Higher) with { Target = 20 });
            figures.Add(new Figure($"{engine}, cache on disk, a pixel", BytesAPixel(bench.CacheOfLastRun, folder), "B", FigureKind.Bytes) { Target = 0.5 });
        }

        return new Measured($"{words}; region size 16; read, decode, cut, batch and collate; a new cache each round", figures);
    }

    private static async Task<(Times Cold, Times Warm)> TwiceAsync(Workbench bench, string engine, string folder, int count)
    {
        var (rounds, first, second) = (bench.Rounds(3).Count, new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            var flows = await bench.RunAsync($"{Flow("first", engine, folder)}\n{Flow("second", engine, folder)}");
            first.Add(flows[0].Elapsed.TotalMilliseconds / count);
            second.Add(flows[1].Elapsed.TotalMilliseconds / count);
        }

        return (Times.Of(first), Times.Of(second));
    }

    private static string Flow(string name, string engine, string folder) => $$"""
          - name: {{name}}
            source: {{PredictRun.Source(folder)}}
            steps:
              - { use: image.decode, with: { labels: { use: false } } }
              - { use: superpixel.slic, with: { region_size: 16, engine: {{engine}}, cache: true } }
              - { use: batch, with: { size: 1 } }
              - { use: collate }
            sinks:
              - { use: bench.ignore }
        """;

    private static double BytesAPixel(string cache, string folder)
    {
        var pixels = Directory.EnumerateFiles(folder).Select(BenchImages.Decode).Sum(image => (long)image.Height * image.Width);
        return (double)new DirectoryInfo(cache).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) / pixels;
    }
}
