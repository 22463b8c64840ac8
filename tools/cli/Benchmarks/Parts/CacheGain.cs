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
        var (rounds, first, second) = (bench.Rounds(3).Count, new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            var flows = await bench.RunAsync($"{Flow("first", folder)}\n{Flow("second", folder)}");
            first.Add(flows[0].Elapsed.TotalMilliseconds / count);
            second.Add(flows[1].Elapsed.TotalMilliseconds / count);
        }

        var (cold, warm) = (Times.Of(first), Times.Of(second));
        return new Measured(
            $"{words}; region size 16, simd; read, decode, cut, batch and collate; a new cache each round",
            [
                Figure.Time("nothing in the cache, an image", cold),
                Figure.Time("all in the cache, an image", warm),
                Figure.Ratio("nothing / all in the cache", cold, warm, Better.Higher) with { Target = 20 },
                new Figure("cache on disk, a pixel", BytesAPixel(bench.CacheOfLastRun, folder), "B", FigureKind.Bytes) { Target = 0.5 },
            ]);
    }

    private static string Flow(string name, string folder) => $$"""
          - name: {{name}}
            source: {{PredictRun.Source(folder)}}
            steps:
              - { use: image.decode, with: { labels: { use: false } } }
              - { use: superpixel.slic, with: { region_size: 16, cache: true } }
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
