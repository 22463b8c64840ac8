using System.Buffers.Binary;
using System.IO.Compression;
using InMARS.Stages.Images.Formats;

namespace InMARS.Stages.Reports;

/// <summary>Writes one PNG file after the other into the same memory. OpenCV writes no palettes.</summary>
/// <remarks>
/// W3C PNG, third edition. A file that is given is there until the next one is asked for. For one thread at a time; <see cref="Png"/> has the
/// same for files of their own.
/// </remarks>
internal sealed class PngEncoder : IDisposable
{
    private const byte Grey = 0;
    private const byte Colour = 2;
    private const byte Indexed = 3;

    private readonly MemoryStream _file = new();
    private byte[] _row = [];

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>A grey image of 8 bits.</summary>
    /// <param name="pixels"><c>[height, width]</c>, row major.</param>
    public ReadOnlyMemory<byte> Grey8(int height, int width, ReadOnlySpan<byte> pixels) =>
        Encode(new Form(height, width, 8, Grey, 1), new ByteRows(pixels, width), pixels.Length);

    /// <summary>A grey image of 8 bits, of numbers below 256.</summary>
    /// <param name="pixels"><c>[height, width]</c>, row major.</param>
    public ReadOnlyMemory<byte> Grey8(int height, int width, ReadOnlySpan<ushort> pixels) =>
        Encode(new Form(height, width, 8, Grey, 1), new NarrowRows(pixels, width), pixels.Length);

    /// <summary>A grey image of 16 bits.</summary>
    /// <param name="pixels"><c>[height, width]</c>, row major.</param>
    public ReadOnlyMemory<byte> Grey16(int height, int width, ReadOnlySpan<ushort> pixels) =>
        Encode(new Form(height, width, 16, Grey, 2), new WideRows(pixels, width), pixels.Length);

    /// <summary>A grey image of 16 bits, of numbers from 0 to 65535.</summary>
    /// <param name="pixels"><c>[height, width]</c>, row major.</param>
    public ReadOnlyMemory<byte> Grey16(int height, int width, ReadOnlySpan<int> pixels) =>
        Encode(new Form(height, width, 16, Grey, 2), new LabelRows(pixels, width), pixels.Length);

    /// <summary>A colour image of 8 bits a band.</summary>
    /// <param name="pixels"><c>[height, width, 3]</c>, red, green, blue, row major.</param>
    public ReadOnlyMemory<byte> Rgb8(int height, int width, ReadOnlySpan<byte> pixels) =>
        Encode(new Form(height, width, 8, Colour, 3), new ByteRows(pixels, 3 * width), pixels.Length / 3);

    /// <summary>Indices into a palette, which most viewers show in colour.</summary>
    /// <param name="indices"><c>[height, width]</c>, row major.</param>
    /// <param name="palette">Red, green, blue of each index; at most 256 colours.</param>
    public ReadOnlyMemory<byte> Indexed8(int height, int width, ReadOnlySpan<byte> indices, byte[] palette) =>
        Encode(new Form(height, width, 8, Indexed, 1, palette), new ByteRows(indices, width), indices.Length);

    /// <summary>Indices below 256 into a palette.</summary>
    /// <param name="indices"><c>[height, width]</c>, row major.</param>
    /// <param name="palette">Red, green, blue of each index; at most 256 colours.</param>
    public ReadOnlyMemory<byte> Indexed8(int height, int width, ReadOnlySpan<ushort> indices, byte[] palette) =>
        Encode(new Form(height, width, 8, Indexed, 1, palette), new NarrowRows(indices, width), indices.Length);

    public void Dispose() => _file.Dispose();

    private readonly record struct Form(int Height, int Width, byte Depth, byte Kind, int PixelBytes, byte[]? Palette = null);

    /// <param name="pixels">How many there are.</param>
    private ReadOnlyMemory<byte> Encode<TRows>(Form form, TRows rows, int pixels)
        where TRows : IPngRows, allows ref struct
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(pixels, form.Height * form.Width);
        _file.SetLength(0);
        _file.Write(Signature);
        Header(form);
        if (form.Palette is { } palette)
        {
            Chunk("PLTE"u8, palette);
        }

        var data = Open("IDAT"u8);
        Deflate(form, rows);
        Close(data);
        Chunk("IEND"u8, []);
        return _file.GetBuffer().AsMemory(0, (int)_file.Length);
    }

    private void Header(Form form)
    {
        Span<byte> header = stackalloc byte[13];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, form.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], form.Height);
        (header[8], header[9]) = (form.Depth, form.Kind);
        Chunk("IHDR"u8, header);
    }

    private void Deflate<TRows>(Form form, TRows rows)
        where TRows : IPngRows, allows ref struct
    {
        var stride = 1 + (form.Width * form.PixelBytes);
        _row = _row.Length < stride ? new byte[stride] : _row;
        var row = _row.AsSpan(0, stride);
        using var zlib = new ZLibStream(_file, CompressionLevel.Fastest, leaveOpen: true);
        for (var y = 0; y < form.Height; y++)
        {
            row[0] = 0;
            rows.Fill(y, row[1..]);
            zlib.Write(row);
        }
    }

    private void Chunk(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data)
    {
        var start = Open(kind);
        _file.Write(data);
        Close(start);
    }

    /// <summary>Begins a chunk whose length is not known yet.</summary>
    /// <returns>Where its kind stands.</returns>
    private int Open(ReadOnlySpan<byte> kind)
    {
        _file.Write([0, 0, 0, 0]);
        _file.Write(kind);
        return (int)_file.Length - kind.Length;
    }

    private void Close(int kindAt)
    {
        var chunk = _file.GetBuffer().AsSpan(kindAt..(int)_file.Length);
        BinaryPrimitives.WriteInt32BigEndian(_file.GetBuffer().AsSpan(kindAt - 4), chunk.Length - 4);
        Span<byte> checksum = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(checksum, PngFile.Crc(chunk));
        _file.Write(checksum);
    }
}
