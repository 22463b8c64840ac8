using ZstdSharp;

namespace InMARS.Stages.Shards;

/// <summary>A compressed shard gives no more bytes.</summary>
/// <param name="code">Code of the fault that this is to become.</param>
internal sealed class UnpackingException(string code, string message, Exception? cause = null) : IOException(message, cause)
{
    public string Code { get; } = code;
}

/// <summary>Stands behind a decompressor, and stops it when little input becomes very much output.</summary>
/// <param name="unpacked">The decompressor; it owns <paramref name="packed"/>.</param>
/// <param name="packed">What it reads from; its position tells how much it took.</param>
/// <param name="packing">Its word, for messages.</param>
internal sealed class Unpacking(Stream unpacked, Stream packed, string packing, int maxRatio) : Stream
{
    /// <summary>Plain pictures shrink a lot, and so few bytes do no harm.</summary>
    private const long Harmless = 64 << 20;
    private long _out;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _out;
        set => throw new NotSupportedException();
    }

    /// <exception cref="UnpackingException">The input does not decompress, or more came out than it may become.</exception>
    public override int Read(Span<byte> buffer)
    {
        var read = Inflate(buffer);
        _out += read;
        return _out <= Harmless || _out <= packed.Position * maxRatio
            ? read
            : throw new UnpackingException("shard.expands", $"its first {packed.Position} bytes unpack to more than {maxRatio} times as many (max_ratio)");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            unpacked.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Inflate(Span<byte> buffer)
    {
        try
        {
            return unpacked.Read(buffer);
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException)
        {
            throw new UnpackingException("shard.damaged", $"expected {packing} data, found something that does not decompress", e);
        }
    }
}
