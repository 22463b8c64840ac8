using System.Formats.Tar;
using System.Security.Cryptography;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Runs;

/// <summary>One file with named entries: a tar, and behind it the SHA-256 of the tar. Equal entries give equal bytes.</summary>
internal static class CheckpointFile
{
    /// <summary>Writes all entries, or nothing: the file has its name once it is whole and on the disk.</summary>
    /// <returns>The size of the file, and the checksum in it.</returns>
    /// <exception cref="RunException">The disk is full or the folder is not writable.</exception>
    public static (long Bytes, string Sha256) Write(string path, IReadOnlyDictionary<string, byte[]> entries)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries.OrderBy(e => e.Key, StringComparer.Ordinal))
            {
                writer.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, name)
                {
                    ModificationTime = DateTimeOffset.UnixEpoch,
                    DataStream = new MemoryStream(bytes, writable: false),
                });
            }
        }

        var body = tar.GetBuffer().AsMemory(0, (int)tar.Length);
        var hash = SHA256.HashData(body.Span);
        AtomicFile.Write(path, file =>
        {
            file.Write(body.Span);
            file.Write(hash);
        });
        return (body.Length + hash.Length, Convert.ToHexStringLower(hash));
    }

    /// <exception cref="RunException">It cannot be read, or its bytes are not those that were written.</exception>
    public static IReadOnlyDictionary<string, byte[]> Read(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            var body = Math.Max(0, bytes.Length - SHA256.HashSizeInBytes);
            if (!SHA256.HashData(bytes.AsSpan(0, body)).AsSpan().SequenceEqual(bytes.AsSpan(body)))
            {
                throw new RunException($"'{path}' is damaged: its checksum is not that of its contents");
            }

            return Entries(new MemoryStream(bytes, 0, body, writable: false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or ArithmeticException or FormatException or NotSupportedException)
        {
            // The library's reader throws the last four at headers that hold impossible numbers and names.
            throw new RunException($"cannot read '{path}': {e.Message}", e);
        }
    }

    private static Dictionary<string, byte[]> Entries(Stream body)
    {
        var entries = new Dictionary<string, byte[]>();
        using var tar = new TarReader(body);
        while (tar.GetNextEntry() is { } entry)
        {
            using var copy = new MemoryStream();
            entry.DataStream?.CopyTo(copy);
            entries[entry.Name] = copy.ToArray();
        }

        return entries;
    }
}
