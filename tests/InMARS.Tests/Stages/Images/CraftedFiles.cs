using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace InMARS.Tests.Stages.Images;

/// <summary>Files that no encoder at hand writes, put together by hand.</summary>
internal static class CraftedFiles
{
    /// <summary>EXIF data that hold an orientation and nothing else, big-endian.</summary>
    public static byte[] Exif(int orientation) =>
        [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];

    /// <summary>A JPEG with an APP1 segment behind its first marker.</summary>
    public static byte[] WithExif(byte[] jpeg, int orientation)
    {
        byte[] data = [.. "Exif\0\0"u8, .. Exif(orientation)];
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(data.Length + 2), .. data, .. jpeg[2..]];
    }

    /// <summary>A PNG with an eXIf chunk behind its header.</summary>
    public static byte[] WithExifChunk(byte[] png, int orientation) => [.. png[..33], .. Chunk("eXIf", Exif(orientation)), .. png[33..]];

    /// <summary>A PNG of one band.</summary>
    /// <param name="colourType">0 grey, 3 palette.</param>
    /// <param name="rows">Rows as they are packed, each behind its filter byte.</param>
    public static byte[] Png(int width, int height, int bits, int colourType, byte[] rows, bool interlaced = false)
    {
        using var zipped = new MemoryStream();
        using (var stream = new ZLibStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(rows);
        }

        var palette = Enumerable.Range(0, 256 * 3).Select(i => (byte)(255 - i)).ToArray();
        return
        [
            0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A,
            .. Chunk("IHDR", [.. Big((uint)width), .. Big((uint)height), (byte)bits, (byte)colourType, 0, 0, (byte)(interlaced ? 1 : 0)]),
            .. colourType == 3 ? Chunk("PLTE", palette[..(3 << bits)]) : [],
            .. Chunk("IDAT", zipped.ToArray()),
            .. Chunk("IEND", []),
        ];
    }

    /// <summary>A PNG that declares a size and holds next to nothing.</summary>
    public static byte[] HugePng(int width, int height) => Png(width, height, 8, 2, [0]);

    /// <summary>An uncompressed TIFF whose directory stands before its pixels.</summary>
    /// <param name="extra">Meaning of the bands behind the colours; negative to leave it out.</param>
    public static byte[] Tiff(int width, int height, int bands, byte[] pixels, int photometric = 2, int extra = -1, int bits = 8, bool little = true)
    {
        var count = extra < 0 ? 10 : 11;
        var bitsAt = 8 + 2 + (12 * count) + 4;
        var pixelsAt = bitsAt + 8;
        var file = new byte[pixelsAt + pixels.Length];
        file[0] = file[1] = (byte)(little ? 'I' : 'M');
        U16(file, 2, 42, little);
        U32(file, 4, 8, little);
        U16(file, 8, count, little);
        (int Tag, int Type, int Count, int Value)[] tags =
        [
            (256, 3, 1, width), (257, 3, 1, height), (258, 3, bands, bands > 2 ? bitsAt : bits), (259, 3, 1, 1), (262, 3, 1, photometric),
            (273, 4, 1, pixelsAt), (277, 3, 1, bands), (278, 3, 1, height), (279, 4, 1, pixels.Length), (284, 3, 1, 1), (338, 3, 1, extra),
        ];
        foreach (var (tag, i) in tags.Take(count).Select((t, i) => (t, i)))
        {
            var at = 10 + (12 * i);
            U16(file, at, tag.Tag, little);
            U16(file, at + 2, tag.Type, little);
            U32(file, at + 4, tag.Count, little);
            if (tag.Type == 3 && tag.Count == 1)
            {
                U16(file, at + 8, tag.Value, little);
            }
            else
            {
                U32(file, at + 8, tag.Value, little);
            }
        }

        foreach (var i in Enumerable.Range(0, 4))
        {
            U16(file, bitsAt + (2 * i), bits, little);
        }

        pixels.CopyTo(file, pixelsAt);
        return file;
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. data];
        return [.. Big((uint)data.Length), .. named, .. Big(Crc(named))];
    }

    private static byte[] Big(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static void U16(byte[] file, int at, int value, bool little) =>
        (file[at], file[at + 1]) = little ? ((byte)value, (byte)(value >> 8)) : ((byte)(value >> 8), (byte)value);

    private static void U32(byte[] file, int at, int value, bool little)
    {
        U16(file, at, little ? value : value >> 16, little);
        U16(file, at + 2, little ? value >> 16 : value, little);
    }

    private static uint Crc(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var octet in data)
        {
            crc ^= octet;
            for (var i = 0; i < 8; i++)
            {
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
            }
        }

        return ~crc;
    }
}
