using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace InMARS.Stages.Shards;

/// <summary>The fields of a tar header, as far as shards need them.</summary>
internal static class HeaderFields
{
    /// <summary>Bytes of a header, and what bodies are padded to.</summary>
    public const int Block = 512;

    /// <summary>Bytes of a name.</summary>
    public const int LongestName = 100;

    private static readonly SearchValues<byte> Octals = SearchValues.Create("01234567"u8);
    private static readonly SearchValues<byte> Printable = SearchValues.Create(Enumerable.Range('!', '~' - '!' + 1).Select(c => (byte)c).ToArray());

    /// <summary>Whether the checksum is right; old programs summed signed bytes.</summary>
    public static bool HasChecksum(ReadOnlySpan<byte> header)
    {
        var field = header.Slice(148, 8);
        if (Octal(field) is not { } declared)
        {
            return false;
        }

        var plain = Sum(header) - Sum(field) + (8 * ' ');
        return declared == plain || declared == plain - (256 * (Negative(header) - Negative(field)));
    }

    /// <summary>A number in octal digits with blanks and zeros around it; null where it is none.</summary>
    public static long? Octal(ReadOnlySpan<byte> field)
    {
        var digits = field.Trim(" \0"u8);
        if (digits.IsEmpty || digits.ContainsAnyExcept(Octals))
        {
            return null;
        }

        var value = 0L;
        foreach (var digit in digits)
        {
            value = (value << 3) + (digit - '0');
        }

        return value;
    }

    /// <summary>
    /// Name and size of a regular file whose header holds nothing out of the ordinary, as almost all do: every reader of tars finds the same in it.
    /// </summary>
    /// <param name="header">With a right checksum.</param>
    /// <param name="name">Printable ASCII below a folder: not absolute, without <c>..</c>, without a leading dot or <c>__</c>.</param>
    /// <param name="size">In bytes, 1 or more.</param>
    public static bool IsPlainFile(ReadOnlySpan<byte> header, out ReadOnlySpan<byte> name, out long size)
    {
        var end = header[..LongestName].IndexOf((byte)0);
        name = header[..(end < 0 ? LongestName : end)];
        size = Number(header.Slice(124, 12)) ?? 0;
        return header[156] == '0' && header[157] == 0 && size > 0 && IsKnownForm(header)
            && Number(header.Slice(100, 8)) is not null && Number(header.Slice(108, 8)) is not null
            && Number(header.Slice(116, 8)) is not null && Number(header.Slice(136, 12)) is not null
            && IsPlainName(name);
    }

    /// <summary>A number that no reader takes for another one: some end a field at its first zero.</summary>
    private static long? Number(ReadOnlySpan<byte> field) => field[0] == 0 ? null : Octal(field);

    /// <summary>POSIX or GNU, with nothing in the fields behind the owner's names.</summary>
    private static bool IsKnownForm(ReadOnlySpan<byte> header) =>
        (header.Slice(257, 8).SequenceEqual("ustar\000"u8) || header.Slice(257, 8).SequenceEqual("ustar  \0"u8)) && !header[345..].ContainsAnyExcept((byte)0);

    private static bool IsPlainName(ReadOnlySpan<byte> name) =>
        !name.IsEmpty && name[0] is not ((byte)'/' or (byte)'.') && name[^1] != '/' && !name.StartsWith("__"u8)
        && name.IndexOf(".."u8) < 0 && !name.ContainsAnyExcept(Printable);

    private static long Sum(ReadOnlySpan<byte> bytes)
    {
        // A lane takes two bytes at a time, so a block of 512 fits 16 bits.
        var low = new Vector<ushort>(0xFF);
        var sums = Vector<ushort>.Zero;
        var lanes = MemoryMarshal.Cast<byte, Vector<ushort>>(bytes);
        foreach (var lane in lanes)
        {
            sums += (lane & low) + (lane >>> 8);
        }

        Vector.Widen(sums, out var left, out var right);
        var sum = (long)Vector.Sum(left + right);
        foreach (var rest in bytes[(lanes.Length * Vector<byte>.Count)..])
        {
            sum += rest;
        }

        return sum;
    }

    private static int Negative(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        foreach (var value in bytes)
        {
            count += value >> 7;
        }

        return count;
    }
}
