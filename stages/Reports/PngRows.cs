using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace InMARS.Stages.Reports;

/// <summary>Rows of a picture as PNG has them: whole bytes, the high one of a number first.</summary>
internal interface IPngRows
{
    /// <param name="row">Gets the values of row <paramref name="y"/>.</param>
    void Fill(int y, Span<byte> row);
}

/// <summary>Bytes as they are.</summary>
internal readonly ref struct ByteRows(ReadOnlySpan<byte> values, int width) : IPngRows
{
    private readonly ReadOnlySpan<byte> _values = values;

    public void Fill(int y, Span<byte> row) => _values.Slice(y * width, width).CopyTo(row);
}

/// <summary>Numbers below 256, a byte each.</summary>
internal readonly ref struct NarrowRows(ReadOnlySpan<ushort> values, int width) : IPngRows
{
    private readonly ReadOnlySpan<ushort> _values = values;

    public void Fill(int y, Span<byte> row)
    {
        var line = _values.Slice(y * width, width);
        for (var x = 0; x < line.Length; x++)
        {
            row[x] = (byte)line[x];
        }
    }
}

/// <summary>Numbers of 16 bits.</summary>
internal readonly ref struct WideRows(ReadOnlySpan<ushort> values, int width) : IPngRows
{
    private readonly ReadOnlySpan<ushort> _values = values;

    public void Fill(int y, Span<byte> row) =>
        BinaryPrimitives.ReverseEndianness(_values.Slice(y * width, width), MemoryMarshal.Cast<byte, ushort>(row));
}

/// <summary>Numbers from 0 to 65535, in 16 bits.</summary>
internal readonly ref struct LabelRows(ReadOnlySpan<int> values, int width) : IPngRows
{
    private readonly ReadOnlySpan<int> _values = values;

    public void Fill(int y, Span<byte> row)
    {
        var line = _values.Slice(y * width, width);
        var numbers = MemoryMarshal.Cast<byte, ushort>(row);
        for (var x = 0; x < line.Length; x++)
        {
            numbers[x] = BinaryPrimitives.ReverseEndianness((ushort)line[x]);
        }
    }
}
