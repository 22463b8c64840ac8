using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Images.Formats;

/// <summary>The chunks of a PNG file (W3C PNG, 3rd edition, section 5).</summary>
internal static class PngFile
{
    private const int FirstChunk = 8;

    private static readonly uint[] _crcTable = [.. Enumerable.Range(0, 256).Select(octet => CrcOf((uint)octet))];

    public static bool Is(ReadOnlySpan<byte> file) => file.StartsWith<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);

    public static ImageHeader? Header(ReadOnlySpan<byte> file) =>
        file.Length >= 29 && file[12..16].SequenceEqual("IHDR"u8)
            ? new ImageHeader(
                ImageFormat.Png,
                Octets.Clamp(Octets.U32(file, 16, false)),
                Octets.Clamp(Octets.U32(file, 20, false)),
                ColourType(file) switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 },
                file[24])
            : null;

    /// <summary>0 grey, 2 colour, 3 palette, 4 grey with alpha, 6 colour with alpha.</summary>
    public static int ColourType(ReadOnlySpan<byte> file) => Octets.U8(file, 25);

    public static bool IsInterlaced(ReadOnlySpan<byte> file) => Octets.U8(file, 28) == 1;

    /// <summary>Whether all chunks to the last are there and agree with their checksums.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> file)
    {
        for (long at = FirstChunk; at + 12 <= file.Length;)
        {
            var end = at + 12 + Octets.U32(file, at, little: false);
            if (end > file.Length || Crc(file[((int)at + 4)..((int)end - 4)]) != Octets.U32(file, end - 4, little: false))
            {
                return false;
            }

            if (file.Slice((int)at + 4, 4).SequenceEqual("IEND"u8))
            {
                return true;
            }

            at = end;
        }

        return false;
    }

    /// <summary>Finds the next chunk of a type that lies within the file.</summary>
    /// <param name="from">Where a chunk starts.</param>
    /// <param name="next">Where the chunk behind it starts.</param>
    public static bool TryChunk(ReadOnlySpan<byte> file, ReadOnlySpan<byte> type, long from, out ReadOnlySpan<byte> data, out long next)
    {
        for (next = from; next + 12 <= file.Length;)
        {
            var (at, length) = ((int)next, Octets.U32(file, next, little: false));
            next += 12 + length;
            if (next <= file.Length && file.Slice(at + 4, 4).SequenceEqual(type))
            {
                data = file.Slice(at + 8, (int)length);
                return true;
            }
        }

        data = default;
        return false;
    }

    /// <summary>The compressed pixels: the data of all IDAT chunks, joined.</summary>
    /// <param name="rent">Gives the array behind it, of at least so many bytes.</param>
    public static MemoryStream CompressedPixels(ReadOnlySpan<byte> file, Func<int, byte[]> rent)
    {
        var joined = rent(ItemArrays.Fitting(file.Length));
        var length = 0;
        for (long at = FirstChunk; TryChunk(file, "IDAT"u8, at, out var data, out at);)
        {
            data.CopyTo(joined.AsSpan(length));
            length += data.Length;
        }

        return new MemoryStream(joined, 0, length, writable: false);
    }

    public static ReadOnlySpan<byte> Exif(ReadOnlySpan<byte> file) => TryChunk(file, "eXIf"u8, FirstChunk, out var exif, out _) ? exif : default;

    /// <summary>The checksum of a chunk, over its type and data.</summary>
    public static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var octet in data)
        {
            crc = _crcTable[(crc ^ octet) & 0xFF] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint CrcOf(uint octet)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            octet = (octet & 1) != 0 ? 0xEDB88320 ^ (octet >> 1) : octet >> 1;
        }

        return octet;
    }
}
