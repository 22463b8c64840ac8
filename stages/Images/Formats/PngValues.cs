using System.IO.Compression;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Images.Formats;

/// <summary>
/// Reads the stored values of a PNG of one band: palette indices and grey levels of 1 to 16 bits, as they are.
/// OpenCV would give the palette's colours, and stretch 1, 2 and 4 bits to 0 to 255.
/// </summary>
/// <remarks>W3C PNG, 3rd edition, sections 7 to 9: filters, sub-byte packing and Adam7 interlace.</remarks>
internal static class PngValues
{
    private static readonly (int X, int Y, int StepX, int StepY)[] _whole = [(0, 0, 1, 1)];

    private static readonly (int X, int Y, int StepX, int StepY)[] _adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <returns>Values <c>[Height, Width]</c>, row major, or <c>label.depth</c>, <c>label.decode</c>.</returns>
    public static Result<ushort[]> Read(ReadOnlySpan<byte> file, ImageHeader header, ItemContext item)
    {
        if (header.BitDepth is not (1 or 2 or 4 or 8 or 16))
        {
            return new Fault("label.depth", $"expected 1, 2, 4, 8 or 16 bits, found {header.BitDepth}");
        }

        try
        {
            using var zipped = new ZLibStream(PngFile.CompressedPixels(file, item.Rent<byte>), CompressionMode.Decompress);
            var values = item.Rent<ushort>(checked((int)header.Pixels));
            foreach (var pass in PngFile.IsInterlaced(file) ? _adam7 : _whole)
            {
                ReadPass(zipped, header, pass, values, item);
            }

            // The checksum is looked at only where the data end.
            _ = zipped.ReadByte();
            return values;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            return new Fault("label.decode", "the PNG data are damaged or truncated", e);
        }
    }

    private static void ReadPass(Stream unzipped, ImageHeader header, (int X, int Y, int StepX, int StepY) pass, ushort[] values, ItemContext item)
    {
        var columns = (header.Width - pass.X + pass.StepX - 1) / pass.StepX;
        if (columns <= 0)
        {
            return;
        }

        var length = (int)(1 + (((columns * (long)header.BitDepth) + 7) / 8));
        using var rows = item.Scratch<byte>(2 * length);
        var row = rows.Span[..length];
        var above = rows.Span[length..];
        above.Clear();
        for (var y = pass.Y; y < header.Height; y += pass.StepY)
        {
            unzipped.ReadExactly(row);
            Unfilter(row, above, Math.Max(1, header.BitDepth / 8));
            for (var i = 0; i < columns; i++)
            {
                values[((long)y * header.Width) + pass.X + ((long)i * pass.StepX)] = ValueAt(row, i, header.BitDepth);
            }

            var next = above;
            above = row;
            row = next;
        }
    }

    private static ushort ValueAt(ReadOnlySpan<byte> row, int i, int bits) => bits switch
    {
        16 => (ushort)((row[1 + (2 * i)] << 8) | row[2 + (2 * i)]),
        8 => row[1 + i],
        _ => (ushort)((row[1 + (i * bits / 8)] >> (8 - bits - (i * bits % 8))) & ((1 << bits) - 1)),
    };

    /// <summary>Undoes the filter that the first byte of the row names; the row becomes the one above of the next.</summary>
    private static void Unfilter(Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        var filter = row[0];
        for (var i = 1; i < row.Length; i++)
        {
            var left = i > step ? row[i - step] : 0;
            row[i] += (byte)(filter switch
            {
                0 => 0,
                1 => left,
                2 => above[i],
                3 => (left + above[i]) / 2,
                4 => Paeth(left, above[i], i > step ? above[i - step] : 0),
                _ => throw new InvalidDataException($"PNG has no filter {filter}"),
            });
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        var (a, b, c) = (Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - (2 * corner)));
        return a <= b && a <= c ? left : b <= c ? up : corner;
    }
}
