using System.Buffers.Binary;
using System.Formats.Tar;

namespace InMARS.Stages.Shards;

/// <summary>Stands between a tar and <see cref="TarReader"/> and looks at every header before the reader does.</summary>
/// <remarks>
/// The reader does not check header checksums, takes a damaged header for the end of the tar when its checksum field is
/// empty, does not tell the end mark from the end of the file, and allocates whatever size a metadata record declares.
/// </remarks>
internal sealed class HeaderGuard(Stream tar) : Stream
{
    private const long MostMetadata = 1 << 20;
    private bool _inHeader;
    private bool _nextIsMetadata;
    private long? _length;

    /// <summary>Bytes of the tar that were read or passed over.</summary>
    public long Passed { get; private set; }

    /// <summary>Where the last header stands.</summary>
    public long HeaderAt { get; private set; }

    /// <summary>Whether the last header was a block of zeros, as tars end with.</summary>
    public bool AtEndMark { get; private set; }

    /// <summary>What was found wrong with a header.</summary>
    public string? Complaint { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => tar.CanSeek;

    public override bool CanWrite => false;

    /// <remarks>A file asks the system each time.</remarks>
    public override long Length => _length ??= tar.Length;

    public override long Position
    {
        get => tar.Position;
        set
        {
            Require(value >= 0, $"entry at byte {HeaderAt} declares more bytes than a file can have");
            tar.Position = Passed = value;
        }
    }

    /// <summary>The next entry, or null at the end. The body of the one before must have been read, unless the tar can seek.</summary>
    /// <exception cref="InvalidDataException">The header cannot be read; <see cref="Complaint"/> may say more.</exception>
    public TarEntry? NextEntry(TarReader reader)
    {
        _inHeader = true;
        try
        {
            return reader.GetNextEntry(copyData: false);
        }
        catch (Exception e) when (e is OverflowException or FormatException or ArgumentException or NotSupportedException)
        {
            // In this order for a size of more than 63 bits, one that is no number, a time that is in no calendar, a sparse file.
            throw new InvalidDataException($"the header at byte {HeaderAt} cannot be read", e);
        }
        finally
        {
            _inHeader = false;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        var start = Passed;
        var read = tar.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        Passed += read;
        if (_inHeader && buffer.Length == HeaderFields.Block && read == HeaderFields.Block)
        {
            Look(buffer, start);
        }

        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Passed = tar.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            tar.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Look(ReadOnlySpan<byte> block, long at)
    {
        if (_nextIsMetadata)
        {
            _nextIsMetadata = false;
            return;
        }

        HeaderAt = at;
        AtEndMark = !block.ContainsAnyExcept((byte)0);
        if (AtEndMark)
        {
            return;
        }

        Require(HeaderFields.HasChecksum(block), $"expected a tar header at byte {at}, found something else");
        if (block[156] is (byte)'x' or (byte)'g' or (byte)'L' or (byte)'K')
        {
            var size = Size(block.Slice(124, 12));
            Require(size <= MostMetadata, $"metadata record at byte {at} declares {size} bytes; expected at most {MostMetadata}");
            _nextIsMetadata = size == HeaderFields.Block;
        }
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            Complaint = otherwise;
            throw new InvalidDataException(otherwise);
        }
    }

    private static long Size(ReadOnlySpan<byte> field) =>
        (field[0] & 0x80) != 0 ? BinaryPrimitives.ReadInt64BigEndian(field[4..]) & long.MaxValue : HeaderFields.Octal(field) ?? long.MaxValue;
}
