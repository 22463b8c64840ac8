using System.Buffers.Binary;

namespace InMARS.Fuzz;

/// <summary>Damages bytes in the ways that break readers: flipped bits, edges of integers, pieces that are cut, moved, doubled or of another file.</summary>
/// <remarks>What comes out depends on the random numbers only, so a seed gives the same input again.</remarks>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> corpus, IReadOnlyList<byte[]> words)
{
    private const int MostChanges = 8;
    private const int LongestPiece = 4096;
    private static readonly long[] _edges =
        [0, 1, -1, 2, 255, 256, 32767, 32768, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, long.MaxValue, long.MinValue];

    /// <summary>A damaged copy of some file of the corpus.</summary>
    public byte[] Next()
    {
        var bytes = new List<byte>(Pick(corpus));
        var changes = 0;
        do
        {
            Change(bytes);
        }
        while (++changes < MostChanges && random.Next(2) == 0);
        return [.. bytes];
    }

    private void Change(List<byte> bytes)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(bytes.Count - at, random.Next(4) == 0 ? random.Next(LongestPiece) : random.Next(1, 16));
        switch (random.Next(10))
        {
            case 0 or 1 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 3 or 4:
                Overwrite(bytes, at, Edge());
                break;
            case 5:
                Overwrite(bytes, at, Pick(words));
                break;
            case 6:
                bytes.InsertRange(at, Pick(words));
                break;
            case 7:
                bytes.RemoveRange(at, random.Next(8) == 0 ? bytes.Count - at : length);
                break;
            case 8:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            default:
                bytes.InsertRange(at, Piece(Pick(corpus)));
                break;
        }
    }

    private byte[] Edge()
    {
        var (edge, field) = (_edges[random.Next(_edges.Length)], new byte[8]);
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(field, edge);
            return field[..(1 << random.Next(4))];
        }

        BinaryPrimitives.WriteInt64BigEndian(field, edge);
        return field[^(1 << random.Next(4))..];
    }

    private byte[] Piece(byte[] file)
    {
        var from = random.Next(file.Length + 1);
        return file[from..Math.Min(file.Length, from + random.Next(LongestPiece))];
    }

    private byte[] Pick(IReadOnlyList<byte[]> files) => files[random.Next(files.Count)];

    private static void Overwrite(List<byte> bytes, int at, byte[] with)
    {
        for (var i = 0; i < with.Length && at + i < bytes.Count; i++)
        {
            bytes[at + i] = with[i];
        }
    }
}
