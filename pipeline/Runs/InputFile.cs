using System.Buffers.Binary;
using System.Security.Cryptography;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Runs;

/// <summary>A file that a flow reads, known again by its size, its time and a hash of its ends.</summary>
/// <param name="Modified">Time of the last change, UTC.</param>
/// <param name="QuickHash">SHA-256 over the length (8 bytes, little endian), the first 64 KiB and the last 64 KiB, hexadecimal; a file of up to 128 KiB is hashed whole.</param>
public sealed record InputFile(string Path, long Bytes, DateTimeOffset Modified, string QuickHash)
{
    private const int End = 64 << 10;

    /// <summary>Whether it has size and time still.</summary>
    public bool IsUnchanged => new FileInfo(Path) is { Exists: true } file && file.Length == Bytes && file.LastWriteTimeUtc == Modified.UtcDateTime;

    /// <exception cref="RunException">The file cannot be read.</exception>
    public static InputFile Of(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            return new InputFile(path, file.Length, new DateTimeOffset(File.GetLastWriteTimeUtc(path)), Hash(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot read '{path}': {e.Message}", e);
        }
    }

    private static string Hash(FileStream file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, file.Length);
        hash.AppendData(length);
        var buffer = new byte[End];
        hash.AppendData(buffer, 0, file.ReadAtLeast(buffer, End, throwOnEndOfStream: false));
        file.Position = Math.Max(file.Position, file.Length - End);
        hash.AppendData(buffer, 0, file.ReadAtLeast(buffer, End, throwOnEndOfStream: false));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
