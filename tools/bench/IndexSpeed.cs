using System.Globalization;
using InMARS.Cli.Benchmarks.Running;
using InMARS.Stages.Shards;

namespace InMARS.Bench;

/// <summary>How fast shards of small images are indexed by their headers: 32 x 32 pixels, each with a label map.</summary>
internal static class IndexSpeed
{
    public static async Task<Measured> MeasureAsync(Workbench bench)
    {
        var (shards, samples) = bench.Pick((100, 1000), (2, 10));
        var paths = Enumerable.Range(0, shards).Select(i => Path.Combine(bench.PathOf("tiny"), string.Create(CultureInfo.InvariantCulture, $"s-{i:D4}.tar"))).ToList();
        paths.ForEach(path => Write(path, samples));
        var cache = bench.PathOf("index");
        ShardIndex.Of(paths, new ShardLimits(), cache, bench.Stop);
        var times = await bench.Rounds(5).TimeAsync(
            bench.Stop,
            () => ShardIndex.Of(paths, new ShardLimits(), null, bench.Stop),
            () => ShardIndex.Of(paths, new ShardLimits(), cache, bench.Stop));
        var (scanned, known, count) = (times[0], times[1], shards * samples);
        return new Measured(
            $"{shards} plain shards of {samples} samples, an image file of some 3 kB and a label map each, in the system's file cache",
            [
                Figure.Rate("samples read by their headers", scanned.Wall, count, "samples/s") with { Target = 200_000 },
                Figure.Time("a sample, processor time", 1000 * (scanned.Processor / count)) with { Unit = "µs", Target = 3 },
                Figure.Time("all samples from the index that is kept", known.Wall),
            ]);
    }

    /// <remarks>Sizes as those of PNG files of 32 x 32 pixels of noise; headers do not tell what the bytes are.</remarks>
    private static void Write(string path, int samples)
    {
        using var shard = ShardWriter.Create(path);
        for (var i = 0; i < samples; i++)
        {
            _ = shard.Write(
                $"{Path.GetFileNameWithoutExtension(path)}-{i:D6}",
                new ShardPart("png", new byte[2500 + (i * 37 % 700)]),
                new ShardPart("label.png", new byte[150 + (i * 13 % 100)]));
        }

        shard.Commit();
    }
}
