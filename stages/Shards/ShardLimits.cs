using InMARS.Pipeline.Configuration;

namespace InMARS.Stages.Shards;

/// <summary>What shards may ask of the machine; whatever asks for more is refused before it gets it.</summary>
/// <param name="MaxFileMb">Largest file within a shard, in MiB, 1 to 2047.</param>
/// <param name="MaxEntries">Entries of one tar, files or not, 1 to 1,000,000,000.</param>
/// <param name="MaxRatio">Bytes that one byte of a compressed shard may become, 1 to 1,000,000; looked at beyond the first 64 MiB.</param>
public sealed record ShardLimits(int MaxFileMb = 512, int MaxEntries = 1_000_000, int MaxRatio = 100)
{
    /// <summary>Of files that a run has made itself.</summary>
    internal static ShardLimits OwnFiles { get; } = new(MaxFileMb: 2047, MaxEntries: int.MaxValue, MaxRatio: int.MaxValue);

    /// <summary>Largest file, in bytes.</summary>
    public long MaxBytes => (long)MaxFileMb << 20;

    internal static ShardLimits Read(Fields f) => new(
        MaxFileMbOf(f),
        f.Get("max_entries", Decode.WholeNumber.Between(1, 1_000_000_000), 1_000_000, "Entries of a tar that are read, files or not; the rest of it is refused."),
        f.Get("max_ratio", Decode.WholeNumber.Between(1, 1_000_000), 100, "Size of a compressed shard when unpacked, in sizes as packed; looked at beyond the first 64 MiB, and the rest is refused."));

    internal static int MaxFileMbOf(Fields f) =>
        f.Get("max_file_mb", Decode.WholeNumber.Between(1, 2047), 512, "Largest file that is read, in MiB; larger ones are refused by their declared size.");
}
