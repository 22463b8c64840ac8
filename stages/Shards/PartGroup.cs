using InMARS.Pipeline.Outcomes;

namespace InMARS.Stages.Shards;

/// <summary>One file of a sample in a shard.</summary>
/// <param name="Extension">What stands behind the first dot of its base name, in lower case.</param>
/// <param name="Size">Its size, in bytes.</param>
/// <param name="Offset">Where its bytes begin in a plain shard; otherwise -1.</param>
/// <param name="Bytes">Its bytes, where the shard is compressed and they cannot be read later; otherwise null.</param>
internal sealed record TarPart(string Extension, long Size, long Offset, byte[]? Bytes)
{
    /// <summary>Why its bytes are not to be had; null where they are.</summary>
    public string? Absent { get; init; }
}

/// <summary>Files of one key that stand together in a shard: one position of the shard, faulty or not.</summary>
/// <param name="Shard">Path of the shard, as named.</param>
/// <param name="Key">Empty for a fault of the shard as a whole.</param>
/// <param name="Parts">Its files, also where they make no sample.</param>
/// <param name="Fault">Why there is no sample here.</param>
internal sealed record PartGroup(string Shard, string Key, IReadOnlyList<TarPart> Parts, Fault? Fault)
{
    /// <summary>Position in the shard, from 0.</summary>
    public long Number { get; init; }

    /// <summary>Whether the shard breaks off here, so that something of it may be missing.</summary>
    public bool IsCut { get; init; }
}

/// <summary>Which files of a shard are asked for.</summary>
/// <param name="Wanted">By extension; others are passed over.</param>
/// <param name="Limits">What goes beyond them is refused by what it declares, before it is read.</param>
/// <param name="Bodies">Whether bytes of compressed shards are kept; without, only headers are looked at.</param>
internal sealed record PartFilter(Func<string, bool> Wanted, ShardLimits Limits, bool Bodies = true)
{
    /// <summary>How patiently shards are opened.</summary>
    public Reading Reading { get; init; } = Reading.Once;
}
