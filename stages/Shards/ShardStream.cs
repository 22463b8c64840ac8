using System.IO.Compression;
using ZstdSharp;

namespace InMARS.Stages.Shards;

/// <summary>A shard open for reading as a tar, whatever it is packed in.</summary>
internal static class ShardStream
{
    /// <summary>For headers that are no plain file's; whoever reads more at a time reads past it.</summary>
    private const int Buffer = 4 << 10;

    /// <summary>Opens a shard; its first bytes, not its name, say how it is packed. A plain one can seek.</summary>
    /// <param name="maxRatio">As of <see cref="ShardLimits"/>.</param>
    /// <exception cref="IOException">No such file, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or it is a folder.</exception>
    public static Stream Open(string path, int maxRatio)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, Buffer);
        try
        {
            Span<byte> head = stackalloc byte[4];
            head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
            file.Position = 0;
            return head switch
            {
                [0x1F, 0x8B, ..] => new Unpacking(new GZipStream(file, CompressionMode.Decompress), file, "gzip", maxRatio),
                [0x28, 0xB5, 0x2F, 0xFD] => new Unpacking(new DecompressionStream(file, leaveOpen: false), file, "zstd", maxRatio),
                _ => file,
            };
        }
        catch (IOException)
        {
            file.Dispose();
            throw;
        }
    }
}
