using InMARS.Pipeline.Outcomes;

namespace InMARS.Stages.Shards;

/// <summary>What one shard holds, as far as its headers tell.</summary>
/// <param name="Positions">Samples, and faults in place of samples, as reading will emit them.</param>
/// <param name="Faulty">Of those, the faults.</param>
/// <param name="FirstFault">What the first of these says; null where there is none.</param>
/// <param name="Keys">Hashes of the samples' keys, in order.</param>
internal sealed record ShardContents(long Positions, long Faulty, string? FirstFault, ulong[] Keys)
{
    private const int LongestSentence = 500;

    /// <summary>Reads a shard by its headers; bodies are read only where the shard is compressed.</summary>
    public static ShardContents Scan(string shard, ShardLimits limits, CancellationToken stop)
    {
        var (positions, faulty, first, keys) = (0L, 0L, (string?)null, new List<ulong>());
        foreach (var group in TarShard.Groups(shard, new PartFilter(SampleRoles.Wanted, limits, Bodies: false)))
        {
            stop.ThrowIfCancellationRequested();
            positions++;
            if (SampleRoles.Check(group) is { } fault)
            {
                faulty++;
                first ??= Sentence(group, fault);
            }
            else
            {
                keys.Add(HashOf(group.Key));
            }
        }

        return new ShardContents(positions, faulty, first, [.. keys]);
    }

    /// <summary>FNV-1a, the same in every process; keys that were made to collide are told as duplicates, and no harm is done.</summary>
    public static ulong HashOf(string key)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in key)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        return hash;
    }

    private static string Sentence(PartGroup group, Fault fault)
    {
        var text = $"{group.Shard}:{group.Key}: {fault.Code}: {fault.Message}";
        return text[..Math.Min(text.Length, LongestSentence)];
    }
}
