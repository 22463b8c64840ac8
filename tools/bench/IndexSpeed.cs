using System.Globalization;
using InMARS.Stages.Shards;

namespace InMARS.Bench;

/// <summary>How fast shards of small images are indexed by their headers: 32 x 32 pixels, each with a label map.</summary>
internal static class IndexSpeed
{
    private const int Shards = 100;
    private const int PerShard = 1000;
    private const int Passes = 5;

    public static IEnumerable<Figure> Measure(string root)
    {
        var paths = Enumerable.Range(0, Shards).Select(i => Path.Combine(root, "tiny", string.Create(CultureInfo.InvariantCulture, $"s-{i:D4}.tar"))).ToList();
        paths.ForEach(Write);
        var scanned = Rounds.Of(5, () => ShardIndex.Of(paths, new ShardLimits(), null, CancellationToken.None));
        var before = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Passes; i++)
        {
            ShardIndex.Of(paths, new ShardLimits(), null, CancellationToken.None);
        }

        var busy = Environment.CpuUsage.TotalTime - before;
        yield return new Figure("shard index, samples a second", Shards * PerShard * 1000 / scanned.MedianMs, "", "at least 200 000, on 2 idle cores");
        yield return new Figure("shard index, processor time of a sample", busy.TotalMicroseconds / (Passes * Shards * PerShard), "µs", "at most 3");
        var cache = Path.Combine(root, "index");
        ShardIndex.Of(paths, new ShardLimits(), cache, CancellationToken.None);
        var known = Rounds.Of(5, () => ShardIndex.Of(paths, new ShardLimits(), cache, CancellationToken.None));
        yield return new Figure($"shard index from the cache, {Shards * PerShard} samples", known.MedianMs, "ms", "-");
    }

    /// <remarks>Sizes as those of PNG files of 32 x 32 pixels of noise; headers do not tell what the bytes are.</remarks>
    private static void Write(string path)
    {
        using var shard = ShardWriter.Create(path);
        for (var i = 0; i < PerShard; i++)
        {
            _ = shard.Write(
                $"{Path.GetFileNameWithoutExtension(path)}-{i:D6}",
                new ShardPart("png", new byte[2500 + (i * 37 % 700)]),
                new ShardPart("label.png", new byte[150 + (i * 13 % 100)]));
        }

        shard.Commit();
    }
}
