using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Reports;
using InMARS.Stages.Shards;

namespace InMARS.Stages.Synthesis;

/// <summary>Writes synthetic scenes as shards in the WebDataset convention.</summary>
public static class SyntheticShards
{
    /// <summary>
    /// Writes <c>synthetic-000000.tar</c> and so on, each with <c>000000.png</c>, <c>000000.label.png</c> and
    /// <c>000000.json</c> for every scene. The same arguments write the same bytes.
    /// </summary>
    /// <param name="folder">Made if absent; shards of the same names are replaced, each when its successor is whole.</param>
    /// <param name="progress">Told the number of scenes written, one call at a time.</param>
    /// <remarks>As many shards at a time as there are cores.</remarks>
    /// <exception cref="RunException">The folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public static void Write(string folder, SyntheticSet set, IProgress<long>? progress = null, CancellationToken stop = default)
    {
        var count = new Count(progress);
        try
        {
            Parallel.For(
                0L,
                (set.Count + set.PerShard - 1) / set.PerShard,
                new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop },
                shard => WriteShard(folder, set, shard, count, stop));
        }
        catch (AggregateException e) when (e.InnerExceptions.OfType<RunException>().FirstOrDefault() is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    private static void WriteShard(string folder, SyntheticSet set, long number, Count count, CancellationToken stop)
    {
        var first = number * set.PerShard;
        using var shard = ShardWriter.Create(Path.Combine(folder, $"synthetic-{number:D6}.tar"));
        for (var i = first; i < Math.Min(set.Count, first + set.PerShard); i++)
        {
            stop.ThrowIfCancellationRequested();
            Add(shard, i, set.Seed, set.Scenes);
            count.Add();
        }

        shard.Commit();
    }

    private static void Add(ShardWriter shard, long index, ulong seed, SceneOptions options)
    {
        var sceneSeed = unchecked(seed * 1_000_003 + (ulong)index);
        var scene = SyntheticScenes.Make(sceneSeed, options);
        var about = new JsonObject
        {
            ["seed"] = sceneSeed,
            ["classes"] = new JsonArray([.. SyntheticScenes.Classes.Select(name => (JsonNode)name)]),
        };
        _ = shard.Write(
            $"{index:D6}",
            new ShardPart("png", Png.Rgb8(scene.Height, scene.Width, scene.Pixels)),
            new ShardPart("label.png", Png.Grey8(scene.Height, scene.Width, scene.Classes)),
            new ShardPart("json", Encoding.UTF8.GetBytes(about.ToJsonString())));
    }

    private sealed class Count(IProgress<long>? progress)
    {
        private readonly Lock _gate = new();
        private long _written;

        public void Add()
        {
            lock (_gate)
            {
                progress?.Report(++_written);
            }
        }
    }
}
