using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace InMARS.Stages.Shards;

/// <summary>By what a shard is known again.</summary>
/// <param name="Bytes">Its size; negative where it cannot be looked at, and then nothing is known of it.</param>
/// <param name="Modified">Time of its last change, in ticks of UTC.</param>
internal readonly record struct ShardStamp(long Bytes, long Modified)
{
    public static ShardStamp Of(string shard)
    {
        var file = new FileInfo(shard);
        return file.Exists ? new ShardStamp(file.Length, file.LastWriteTimeUtc.Ticks) : new ShardStamp(-1, 0);
    }
}

/// <summary>A file that keeps what a list of shards holds: some 8 bytes a sample, and a checksum. A damaged one counts as absent.</summary>
internal sealed class ShardIndexFile
{
    private const string Version = "inmars index 1";
    private readonly string _path;

    private ShardIndexFile(string path) => _path = path;

    /// <summary>The file for these shards, by their full paths, in this order.</summary>
    public static ShardIndexFile In(string folder, IEnumerable<string> shards, ShardLimits limits)
    {
        var name = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', shards.Select(Path.GetFullPath).Prepend($"{Version} {limits}"))));
        return new ShardIndexFile(Path.Combine(folder, $"{Convert.ToHexStringLower(name.AsSpan(0, 16))}.index"));
    }

    /// <summary>What is known of each shard; null for those that have changed, or all of them.</summary>
    public ShardContents?[] Read(ShardStamp[] stamps)
    {
        var nothing = new ShardContents?[stamps.Length];
        try
        {
            var bytes = File.Exists(_path) ? File.ReadAllBytes(_path) : [];
            var body = Math.Max(0, bytes.Length - SHA256.HashSizeInBytes);
            return SHA256.HashData(bytes.AsSpan(0, body)).AsSpan().SequenceEqual(bytes.AsSpan(body))
                ? Decode(new BinaryReader(new MemoryStream(bytes, 0, body, writable: false)), stamps)
                : nothing;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return nothing;
        }
    }

    /// <summary>Writes the file whole, or not at all.</summary>
    /// <returns>Why it was not written; null when it was.</returns>
    public string? Write(ShardStamp[] stamps, ShardContents[] contents)
    {
        // Several runs may start at once with the same shards.
        var temporary = $"{_path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            var body = Encode(stamps, contents);
            File.WriteAllBytes(temporary, [.. body, .. SHA256.HashData(body)]);
            File.Move(temporary, _path, overwrite: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static byte[] Encode(ShardStamp[] stamps, ShardContents[] contents)
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        foreach (var (stamp, shard) in stamps.Zip(contents))
        {
            writer.Write(stamp.Bytes);
            writer.Write(stamp.Modified);
            writer.Write(shard.Positions);
            writer.Write(shard.Faulty);
            writer.Write(shard.FirstFault ?? "");
            writer.Write(shard.Keys.Length);
            writer.Write(MemoryMarshal.AsBytes(shard.Keys));
        }

        writer.Flush();
        return bytes.ToArray();
    }

    private static ShardContents?[] Decode(BinaryReader reader, ShardStamp[] stamps) => Array.ConvertAll(stamps, now =>
    {
        var stamp = new ShardStamp(reader.ReadInt64(), reader.ReadInt64());
        var (positions, faulty, fault) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadString());
        var keys = new ulong[reader.ReadInt32()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(keys.AsSpan()));
        return stamp == now && stamp.Bytes >= 0 ? new ShardContents(positions, faulty, fault.Length > 0 ? fault : null, keys) : null;
    });
}
