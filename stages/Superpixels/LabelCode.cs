using System.Buffers.Binary;
using System.IO.Compression;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images.Formats;

namespace InMARS.Stages.Superpixels;

/// <summary>Superpixel labels as few bytes: most pixels have the label of the pixel above.</summary>
/// <remarks>
/// Magic <c>ISPL</c>, version, height, width and count as 32-bit numbers, then a zlib stream (whose checksum guards its
/// bytes) of differences to the label above, in the first row to the one on the left, as zigzag numbers of 7 bits a byte.
/// </remarks>
internal static class LabelCode
{
    /// <summary>Part of every cache key: entries of another format are never looked at.</summary>
    public const int Version = 1;

    private const int HeaderLength = 20;
    private const int MostOctets = 5;
    private const int Chunk = 1 << 16;

    private static ReadOnlySpan<byte> Magic => "ISPL"u8;

    /// <summary>Writes superpixels to a stream.</summary>
    public static void Write(Stream file, SuperpixelMap map, ItemContext item = default)
    {
        var (height, width) = (map.Image.Height, map.Image.Width);
        Span<byte> header = stackalloc byte[HeaderLength];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], height);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], width);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], map.Count);
        file.Write(header);
        using var zipped = new ZLibStream(file, CompressionLevel.Fastest, leaveOpen: true);
        using var buffer = item.Scratch<byte>(width * MostOctets);
        for (var row = 0; row < height; row++)
        {
            zipped.Write(buffer.Span[..Differences(map.Labels, row * width, width, buffer.Span)]);
        }
    }

    /// <returns>Labels and their count, or null when the bytes are damaged, cut short or for another size.</returns>
    public static (int[] Labels, int Count)? Read(byte[] file, int height, int width, ItemContext item = default) => Read(file, file.Length, height, width, item);

    /// <summary>As above.</summary>
    /// <param name="length">Bytes of the entry in <paramref name="file"/>.</param>
    public static (int[] Labels, int Count)? Read(byte[] file, int length, int height, int width, ItemContext item)
    {
        var count = (int)Octets.U32(file, 16, little: true);
        if (length < HeaderLength || !file.AsSpan().StartsWith(Magic)
            || Octets.U32(file, 4, true) != Version || Octets.U32(file, 8, true) != height || Octets.U32(file, 12, true) != width)
        {
            return null;
        }

        try
        {
            using var zipped = new ZLibStream(new MemoryStream(file, HeaderLength, length - HeaderLength), CompressionMode.Decompress);
            using var buffer = item.Scratch<byte>(Chunk);
            var labels = item.Rent<int>(height * width);
            var differences = new LabelDifferences(zipped, buffer.Span);
            return differences.Sum(labels, width) == count && differences.AtEnd ? (labels, count) : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <returns>Bytes written.</returns>
    private static int Differences(ReadOnlySpan<int> labels, int from, int width, Span<byte> into)
    {
        var written = 0;
        for (var i = from; i < from + width; i++)
        {
            var difference = labels[i] - (i >= width ? labels[i - width] : i > 0 ? labels[i - 1] : 0);
            var rest = (uint)((difference << 1) ^ (difference >> 31));
            for (; rest >= 0x80; rest >>= 7)
            {
                into[written++] = (byte)(rest | 0x80);
            }

            into[written++] = (byte)rest;
        }

        return written;
    }
}
