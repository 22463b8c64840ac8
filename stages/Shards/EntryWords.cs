using System.Formats.Tar;

namespace InMARS.Stages.Shards;

/// <summary>What an entry of a tar is, in words.</summary>
internal static class EntryWords
{
    private const int LongestPrinted = 200;

    /// <summary>Whether the body is a map of holes and what lies between them: such bytes are not those of the file.</summary>
    public static bool IsSparse(TarEntry entry) => entry.EntryType == TarEntryType.SparseFile
        || (entry is PaxTarEntry pax && pax.ExtendedAttributes.Keys.Any(key => key.StartsWith("GNU.sparse.", StringComparison.Ordinal)));

    /// <summary>A name of an entry, fit for a message.</summary>
    public static string Printable(string name) =>
        string.Concat(name.Take(LongestPrinted).Select(c => char.IsControl(c) ? '?' : c)) + (name.Length > LongestPrinted ? "..." : "");

    /// <summary>What is no regular file.</summary>
    public static string Of(TarEntryType type) => type switch
    {
        TarEntryType.SymbolicLink => "symbolic link",
        TarEntryType.HardLink => "hard link",
        TarEntryType.CharacterDevice or TarEntryType.BlockDevice => "device",
        TarEntryType.Fifo => "named pipe",
        _ => $"special entry of type {(byte)type}",
    };
}
