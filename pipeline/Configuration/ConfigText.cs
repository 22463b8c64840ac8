using System.Text;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Configuration;

/// <summary>Configuration files as text: UTF-8, or UTF-16 where a mark says so.</summary>
internal static class ConfigText
{
    private const int MostBytes = 4 << 20;

    /// <summary>The text of a file, or why it cannot be read. No more than the most is read, whatever stands under the name.</summary>
    /// <param name="kind">What it is, for the message.</param>
    public static Validated<string> Read(string path, string kind)
    {
        try
        {
            var bytes = new byte[MostBytes + 1];
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > MostBytes
                ? new ConfigError(path, "", $"larger than any {kind}: {MostBytes} bytes at most")
                : Decoded(bytes.AsSpan(0, length), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new ConfigError(path, "", $"cannot read the {kind}: {e.Message}");
        }
    }

    private static Validated<string> Decoded(ReadOnlySpan<byte> bytes, string path) => bytes switch
    {
        [0xFF, 0xFE, .. var rest] => Encoding.Unicode.GetString(rest),
        [0xFE, 0xFF, .. var rest] => Encoding.BigEndianUnicode.GetString(rest),
        _ => BadByte(bytes) is >= 0 and var bad
            ? new ConfigError($"{path}:{Place(bytes[..bad])}", "", $"not UTF-8: byte {bytes[bad]:x2} is part of no character")
            : Encoding.UTF8.GetString(bytes),
    };

    private static int BadByte(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            if (Rune.DecodeFromUtf8(bytes[at..], out _, out var used) != System.Buffers.OperationStatus.Done)
            {
                return at;
            }

            at += used;
        }

        return -1;
    }

    private static string Place(ReadOnlySpan<byte> before) =>
        $"{before.Count((byte)'\n') + 1}:{Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1}";
}
