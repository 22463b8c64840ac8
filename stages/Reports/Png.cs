using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace InMARS.Stages.Reports;

/// <summary>Writes PNG files of the four kinds that label maps and scenes need. OpenCV writes no palettes.</summary>
/// <remarks>W3C PNG, third edition. The same pixels always give the same bytes.</remarks>
public static class Png
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    private static readonly uint[] Remainders = [.. Enumerable.Range(0, 256).Select(i => Remainder((uint)i))];

    /// <summary>A grey image of 8 bits.</summary>
    /// <param name="pixels"><c>[height, width]</c>, row major.</param>
    public static byte[] Grey8(int height, int width, ReadOnlySpan<byte> pixels) => Of(new Form(height, width, 8, Grey, 1), pixels);

    /// <summary>A grey image of 16 bits.</summary>
    /// <param name="pixels"><c>[height, width]</c>, row major.</param>
    public static byte[] Grey16(int height, int width, ReadOnlySpan<ushort> pixels)
    {
        var bigEndian = new ushort[pixels.Length];
        BinaryPrimitives.ReverseEndianness(pixels, bigEndian);
        return Of(new Form(height, width, 16, Grey, 2), MemoryMarshal.AsBytes<ushort>(bigEndian));
    }

    /// <summary>A colour image of 8 bits a band.</summary>
    /// <param name="pixels"><c>[height, width, 3]</c>, red, green, blue, row major.</param>
    public static byte[] Rgb8(int height, int width, ReadOnlySpan<byte> pixels) => Of(new Form(height, width, 8, Colour, 3), pixels);

    /// <summary>Indices into a palette, which most viewers show in colour.</summary>
    /// <param name="indices"><c>[height, width]</c>, row major.</param>
    /// <param name="palette">Red, green, blue of each index; at most 256 colours.</param>
    public static byte[] Indexed8(int height, int width, ReadOnlySpan<byte> indices, byte[] palette) =>
        Of(new Form(height, width, 8, Indexed, 1, palette), indices);

    private const byte Grey = 0;
    private const byte Colour = 2;
    private const byte Indexed = 3;

    private sealed record Form(int Height, int Width, byte Depth, byte Kind, int PixelBytes, byte[]? Palette = null);

    private static byte[] Of(Form form, ReadOnlySpan<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.Length, form.Height * form.Width * form.PixelBytes);
        using var file = new MemoryStream();
        file.Write(Signature);
        Chunk(file, "IHDR"u8, Header(form));
        if (form.Palette is { } palette)
        {
            Chunk(file, "PLTE"u8, palette);
        }

        Chunk(file, "IDAT"u8, Deflated(form, pixels));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] Header(Form form)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, form.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), form.Height);
        header[8] = form.Depth;
        header[9] = form.Kind;
        return header;
    }

    private static ReadOnlySpan<byte> Deflated(Form form, ReadOnlySpan<byte> pixels)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var stride = form.Width * form.PixelBytes;
            for (var y = 0; y < form.Height; y++)
            {
                zlib.WriteByte(0);
                zlib.Write(pixels.Slice(y * stride, stride));
            }
        }

        return packed.GetBuffer().AsSpan(0, (int)packed.Length);
    }

    private static void Chunk(Stream file, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(kind);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Checksum(Checksum(uint.MaxValue, kind), data));
        file.Write(number);
    }

    private static uint Checksum(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var b in data)
        {
            crc = Remainders[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return crc;
    }

    private static uint Remainder(uint value)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value >> 1) ^ ((value & 1) * 0xEDB88320u);
        }

        return value;
    }
}
