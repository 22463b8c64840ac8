using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Evaluation;

/// <summary>
/// The confusion counts of many images, each by itself, in few bytes: 50,000 images of 27 clusters by 27 classes take some
/// 100 MB where every cell is in use, and far less as images are. Of more images than <see cref="MostGroups"/>, those that
/// lie so many apart are counted together, so that a million cost what these cost.
/// </summary>
/// <param name="mostBytes">Bytes at most; images beyond are not kept, and then there are none.</param>
/// <param name="mostGroups">Groups at most, 1 or more.</param>
internal sealed class PackedCounts(long mostBytes = PackedCounts.MostBytes, int mostGroups = PackedCounts.MostGroups)
{
    /// <summary>Groups of images at most; until there are so many images, each is a group of its own.</summary>
    /// <remarks>The spread of so many sums gives the width of an interval to within 0.3 %.</remarks>
    public const int MostGroups = 1 << 16;

    /// <summary>256 MiB.</summary>
    public const long MostBytes = 256L << 20;

    private const int MostClasses = 1 << 16;
    private readonly List<byte[]> _groups = [];
    private long _images;
    private long _bytes;

    /// <summary>Whether more came than there is room for; nothing is kept then.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Groups of images, which without many images are the images.</summary>
    public int Groups => _groups.Count;

    /// <summary>Whether groups have more than an image.</summary>
    public bool IsGrouped => _images > mostGroups;

    public void Add(ImageCounts image)
    {
        if (Overflowed)
        {
            return;
        }

        var group = (int)(_images++ % mostGroups);
        var before = group < _groups.Count ? _groups[group] : null;
        var packed = Pack(before is null ? image.Cells : Together(Read(group), image.Cells));
        _bytes += packed.Length - (before?.Length ?? 0);
        if (_bytes > mostBytes)
        {
            Overflowed = true;
            _groups.Clear();
            _groups.TrimExcess();
        }
        else if (before is null)
        {
            _groups.Add(packed);
        }
        else
        {
            _groups[group] = packed;
        }
    }

    public void Carry(StateArchive state)
    {
        Overflowed = state.Value("overflowed", Overflowed);
        _images = state.Value("images", _images);
        var lengths = state.Numbers<int>("lengths", [.. _groups.Select(g => g.Length)]);
        var bytes = state.Numbers<byte>("bytes", Joined());
        if (state.Loading)
        {
            (_bytes, var at) = (bytes.Length, 0);
            _groups.Clear();
            _groups.AddRange(lengths.Select(length => bytes[at..(at += length)]));
        }
    }

    /// <summary>The cells of a group, in order.</summary>
    public IEnumerable<CellCount> Read(int group)
    {
        var (packed, at, cell) = (_groups[group], 0, 0L);
        while (at < packed.Length)
        {
            cell += Number(packed, ref at);
            yield return new CellCount((int)(cell / MostClasses), (int)(cell % MostClasses), (int)Number(packed, ref at));
        }
    }

    private byte[] Joined()
    {
        var (all, at) = (new byte[Overflowed ? 0 : _bytes], 0);
        foreach (var group in _groups)
        {
            group.CopyTo(all, at);
            at += group.Length;
        }

        return all;
    }

    private static IReadOnlyList<CellCount> Together(IEnumerable<CellCount> some, IEnumerable<CellCount> others) =>
    [
        .. some.Concat(others)
            .GroupBy(cell => (cell.Cluster, cell.Label), cell => cell.Pixels)
            .OrderBy(cell => cell.Key)
            .Select(cell => new CellCount(cell.Key.Cluster, cell.Key.Label, cell.Sum())),
    ];

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
