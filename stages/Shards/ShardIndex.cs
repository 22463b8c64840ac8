using System.Globalization;

namespace InMARS.Stages.Shards;

/// <summary>What shards hold, found by their headers and kept for the next start.</summary>
public sealed class ShardIndex
{
    private readonly IReadOnlyList<string> _shards;
    private readonly ShardContents[] _contents;

    private ShardIndex(IReadOnlyList<string> shards, ShardContents[] contents) => (_shards, _contents) = (shards, contents);

    /// <summary>Positions of the shards together: samples, and faults in place of samples, as reading will emit them.</summary>
    public long Count => _contents.Sum(c => c.Positions);

    /// <summary>Positions of each shard, in the order they were named.</summary>
    internal IReadOnlyList<(string Shard, long Positions)> Shards => [.. _shards.Zip(_contents, (shard, contents) => (shard, contents.Positions))];

    /// <summary>Of those, the faults.</summary>
    public long Faulty => _contents.Sum(c => c.Faulty);

    /// <summary>Where the first fault stands and what it says; null where there is none.</summary>
    public string? FirstFault => _contents.Select(c => c.FirstFault).FirstOrDefault(f => f is not null);

    /// <summary>Shards that were read now; the others were known.</summary>
    public int Scanned { get; private init; }

    /// <summary>Why the index could not be kept for the next start; null when it was.</summary>
    public string? Trouble { get; private init; }

    /// <summary>Indexes shards, as many at a time as there are cores. What an earlier index knows of a shard of the same path, size and time is not read again.</summary>
    /// <remarks>Plain shards are read by their headers only; compressed ones must be decompressed.</remarks>
    /// <param name="cache">Folder that keeps indexes, made if absent; null to keep none.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public static ShardIndex Of(IReadOnlyList<string> shards, ShardLimits limits, string? cache, CancellationToken stop)
    {
        var file = cache is null ? null : ShardIndexFile.In(cache, shards, limits);
        var stamps = shards.Select(ShardStamp.Of).ToArray();
        var known = file?.Read(stamps) ?? new ShardContents?[shards.Count];
        var missing = Enumerable.Range(0, shards.Count).Where(i => known[i] is null).ToList();
        Parallel.ForEach(
            missing,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop },
            i => known[i] = ShardContents.Scan(shards[i], limits, stop));
        ShardContents[] contents = [.. known.OfType<ShardContents>()];
        return new ShardIndex(shards, contents) { Scanned = missing.Count, Trouble = missing.Count > 0 ? file?.Write(stamps, contents) : null };
    }

    /// <summary>How often a key comes again that another sample has, and where the first such stands.</summary>
    /// <param name="limits">As the index was made with.</param>
    public (long Count, string? First) Duplicates(ShardLimits limits)
    {
        var (seen, again, first) = (new Dictionary<ulong, int>(), 0L, (string?)null);
        for (var shard = 0; shard < _shards.Count; shard++)
        {
            foreach (var key in _contents[shard].Keys)
            {
                if (!seen.TryAdd(key, shard))
                {
                    again++;
                    first ??= $"'{Named(shard, key, limits)}' in '{_shards[seen[key]]}' and '{_shards[shard]}'";
                }
            }
        }

        return (again, first);
    }

    /// <summary>Shard and position within it of items that lie evenly over all.</summary>
    /// <param name="most">Items wanted, 1 or more.</param>
    /// <param name="of">Positions that they are taken from: those at the beginning, up to <see cref="Count"/>.</param>
    internal IEnumerable<(string Shard, long Position)> Spread(int most, long of)
    {
        var wanted = Math.Min(most, of);
        var (shard, before) = (0, 0L);
        for (var i = 0L; i < wanted; i++)
        {
            var at = ((2 * i) + 1) * of / (2 * wanted);
            while (at >= before + _contents[shard].Positions)
            {
                before += _contents[shard++].Positions;
            }

            yield return (_shards[shard], at - before);
        }
    }

    private string Named(int shard, ulong key, ShardLimits limits) => TarShard
        .Groups(_shards[shard], new PartFilter(SampleRoles.Wanted, limits, Bodies: false))
        .Select(group => group.Key)
        .FirstOrDefault(name => ShardContents.HashOf(name) == key) ?? key.ToString("x16", CultureInfo.InvariantCulture);
}
