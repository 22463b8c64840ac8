using System.IO.Compression;
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

    private static ReadOnlySpan<byte> Magic => "ISPL"u8;

    public static byte[] Write(int height, int width, int[] labels, int count)
    {
        using var file = new MemoryStream();
        using (var writer = new BinaryWriter(file, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write(Version);
            writer.Write(height);
            writer.Write(width);
            writer.Write(count);
        }

        using (var zipped = new ZLibStream(file, CompressionLevel.Fastest, leaveOpen: true))
        {
            zipped.Write(Differences(labels, width));
        }

        return file.ToArray();
    }

    /// <returns>Labels and their count, or null when the bytes are damaged, cut short or for another size.</returns>
    public static (int[] Labels, int Count)? Read(byte[] file, int height, int width)
    {
        var count = (int)Octets.U32(file, 16, little: true);
        if (file.Length < HeaderLength || !file.AsSpan().StartsWith(Magic)
            || Octets.U32(file, 4, true) != Version || Octets.U32(file, 8, true) != height || Octets.U32(file, 12, true) != width)
        {
            return null;
        }

        try
        {
            using var zipped = new ZLibStream(new MemoryStream(file, HeaderLength, file.Length - HeaderLength), CompressionMode.Decompress);
            using var differences = new BufferedStream(zipped, 1 << 16);
            var labels = new int[height * width];
            return Sum(differences, labels, width) == count && differences.ReadByte() < 0 ? (labels, count) : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static ReadOnlySpan<byte> Differences(int[] labels, int width)
    {
        var bytes = new List<byte>(labels.Length + (labels.Length / 4));
        for (var i = 0; i < labels.Length; i++)
        {
            var difference = labels[i] - (i >= width ? labels[i - width] : i > 0 ? labels[i - 1] : 0);
            var rest = (uint)((difference << 1) ^ (difference >> 31));
            for (; rest >= 0x80; rest >>= 7)
            {
                bytes.Add((byte)(rest | 0x80));
            }

            bytes.Add((byte)rest);
        }

        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes);
    }

    /// <summary>Undoes <see cref="Differences"/>; gives the number of labels, or -1 where they are not numbered by first occurrence.</summary>
    private static int Sum(Stream differences, int[] labels, int width)
    {
        var next = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            var label = Next(differences) + (i >= width ? labels[i - width] : i > 0 ? labels[i - 1] : 0);
            if (label < 0 || label > next)
            {
                return -1;
            }

            next = Math.Max(next, label + 1);
            labels[i] = label;
        }

        return next;
    }

    private static int Next(Stream differences)
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var octet = differences.ReadByte();
            if (octet < 0)
            {
                throw new InvalidDataException("the labels end too early");
            }

            value |= (uint)(octet & 0x7F) << shift;
            if (octet < 0x80)
            {
                break;
            }
        }

        return (int)(value >> 1) ^ -(int)(value & 1);
    }
}
