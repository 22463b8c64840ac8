namespace InMARS.Stages.Images.Formats;

/// <summary>The first directory of tags of a TIFF block (TIFF 6.0, section 2), which is also what EXIF data are.</summary>
internal readonly ref struct TiffDirectory
{
    private readonly ReadOnlySpan<byte> _block;
    private readonly bool _little;
    private readonly long _entries;
    private readonly int _count;

    public TiffDirectory(ReadOnlySpan<byte> block)
    {
        _block = block;
        _little = block.StartsWith("II"u8);
        var start = Octets.U32(block, 4, _little);
        _entries = start + 2L;
        _count = Is(block) ? Octets.U16(block, start, _little) : 0;
        _count = _entries + (12L * _count) <= block.Length ? _count : 0;
    }

    /// <summary>Whether a classic TIFF block starts here; BigTIFF has another version number.</summary>
    public static bool Is(ReadOnlySpan<byte> block) =>
        block.StartsWith<byte>([0x49, 0x49, 42, 0]) || block.StartsWith<byte>([0x4D, 0x4D, 0, 42]);

    /// <summary>As <see cref="Value(int)"/>, with a value for tags that are absent; null only where it lies beyond the end.</summary>
    public long? Value(int tag, long otherwise) => Entry(tag) < 0 ? otherwise : Value(tag);

    /// <summary>The first value of a tag of whole numbers; null where it is absent or lies beyond the end.</summary>
    public long? Value(int tag) => Place(tag) is >= 0 and var at && TypeOf(tag) is var type
        ? type == 4 ? Octets.U32(_block, at, _little) : type == 3 ? Octets.U16(_block, at, _little) : Octets.U8(_block, at)
        : null;

    /// <summary>Writes the first value of a tag that holds one or two short numbers; does nothing where there is none.</summary>
    /// <param name="file">A copy of the block that this directory was read from.</param>
    public void Overwrite(byte[] file, int tag, byte value)
    {
        if (Place(tag) is >= 0 and var at && TypeOf(tag) == 3)
        {
            file[at] = _little ? value : (byte)0;
            file[at + 1] = _little ? (byte)0 : value;
        }
    }

    private int TypeOf(int tag) => Octets.U16(_block, Entry(tag) + 2, _little);

    private long Place(int tag)
    {
        var entry = Entry(tag);
        if (entry < 0)
        {
            return -1;
        }

        var size = Octets.U16(_block, entry + 2, _little) switch { 1 => 1L, 3 => 2L, 4 => 4L, _ => 0L };
        var bytes = size * Octets.U32(_block, entry + 4, _little);
        var at = bytes <= 4 ? entry + 8 : Octets.U32(_block, entry + 8, _little);
        return bytes > 0 && at + size <= _block.Length ? at : -1;
    }

    private long Entry(int tag)
    {
        for (var i = 0; i < _count; i++)
        {
            var at = _entries + (12L * i);
            if (Octets.U16(_block, at, _little) == tag)
            {
                return at;
            }
        }

        return -1;
    }
}
