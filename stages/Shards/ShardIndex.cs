namespace InMARS.Stages.Shards;

/// <summary>Counts what shards hold.</summary>
public static class ShardIndex
{
    /// <summary>Positions of the shards together: samples, and faults in place of samples, as reading will emit them.</summary>
    /// <remarks>Plain shards are counted by their headers, without reading bodies; compressed ones must be decompressed.</remarks>
    public static long Count(IEnumerable<string> shards, ShardLimits limits, CancellationToken stop)
    {
        var filter = new PartFilter(SampleRoles.Wanted, limits, Bodies: false);
        var count = 0L;
        foreach (var _ in shards.SelectMany(shard => TarShard.Groups(shard, filter)))
        {
            stop.ThrowIfCancellationRequested();
            count++;
        }

        return count;
    }
}
