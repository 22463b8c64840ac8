using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Evaluation;

/// <summary>
/// The confusion counts of many images, each by itself, in few bytes: 50,000 images of 27 clusters by 27 classes take some
/// 100 MB where every cell is in use, and far less as images are.
/// </summary>
/// <param name="mostBytes">Bytes at most; images beyond are not kept, and then there are none.</param>
internal sealed class PackedCounts(long mostBytes = PackedCounts.MostBytes)
{
    /// <summary>256 MiB.</summary>
    public const long MostBytes = 256L << 20;

    private const int MostClasses = 1 << 16;
    private readonly List<byte[]> _images = [];
    private long _bytes;

    /// <summary>Whether more came than there is room for; nothing is kept then.</summary>
    public bool Overflowed { get; private set; }

    public int Images => _images.Count;

    public void Add(ImageCounts image)
    {
        if (Overflowed)
        {
            return;
        }

        var packed = Pack(image.Cells);
        _bytes += packed.Length;
        if (_bytes > mostBytes)
        {
            Overflowed = true;
            _images.Clear();
            _images.TrimExcess();
            return;
        }

        _images.Add(packed);
    }

    public void Carry(StateArchive state)
    {
        Overflowed = state.Value("overflowed", Overflowed);
        var lengths = state.Numbers<int>("lengths", [.. _images.Select(i => i.Length)]);
        var bytes = state.Numbers<byte>("bytes", [.. _images.SelectMany(i => i)]);
        if (state.Loading)
        {
            (_bytes, var at) = (bytes.Length, 0);
            _images.Clear();
            _images.AddRange(lengths.Select(length => bytes[at..(at += length)]));
        }
    }

    /// <summary>The cells of an image, in order.</summary>
    public IEnumerable<CellCount> Read(int image)
    {
        var (packed, at, cell) = (_images[image], 0, 0L);
        while (at < packed.Length)
        {
            cell += Number(packed, ref at);
            yield return new CellCount((int)(cell / MostClasses), (int)(cell % MostClasses), (int)Number(packed, ref at));
        }
    }

    private static byte[] Pack(IReadOnlyList<CellCount> cells)
    {
        var (bytes, last) = (new List<byte>(3 * cells.Count), 0L);
        foreach (var (cluster, label, pixels) in cells)
        {
            var cell = ((long)cluster * MostClasses) + label;
            Write(bytes, cell - last);
            Write(bytes, pixels);
            last = cell;
        }

        return [.. bytes];
    }

    /// <summary>Seven bits a byte, the lowest first; the eighth says that more follow.</summary>
    private static void Write(List<byte> bytes, long number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            bytes.Add((byte)(number | 0x80));
        }

        bytes.Add((byte)number);
    }

    private static long Number(byte[] packed, ref int at)
    {
        var (number, shift) = (0L, 0);
        for (; packed[at] >= 0x80; shift += 7)
        {
            number |= (long)(packed[at++] & 0x7F) << shift;
        }

        return number | ((long)packed[at++] << shift);
    }
}
