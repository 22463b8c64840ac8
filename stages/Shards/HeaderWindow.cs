using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace InMARS.Stages.Shards;

/// <summary>Blocks of a file, read ahead where those asked for lie close together, and one page at a time where they lie far apart.</summary>
/// <param name="file">Stays with its owner.</param>
internal sealed class HeaderWindow(SafeFileHandle file) : IDisposable
{
    private const int Least = 4 << 10;
    private const int Most = 64 << 10;

    /// <summary>Reading so many bytes costs no more than another call of the system.</summary>
    private const int Close = 8 << 10;

    private readonly byte[] _bytes = ArrayPool<byte>.Shared.Rent(Most);
    private int _size = Least;
    private long _start;
    private int _length;
    private int _served;

    /// <summary>The block at a place, until the next call; empty where the file ends before its end.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ReadOnlySpan<byte> Block(long at)
    {
        if (at < _start || at + HeaderFields.Block > _start + _length)
        {
            Fill(at);
        }

        _served++;
        var from = at - _start;
        return from + HeaderFields.Block <= _length ? _bytes.AsSpan((int)from, HeaderFields.Block) : [];
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private void Fill(long at)
    {
        _size = _served * Close >= _size ? Math.Min(2 * _size, Most) : Math.Max(_size / 2, Least);
        (_start, _length, _served) = (at, 0, 0);
        while (_length < HeaderFields.Block && RandomAccess.Read(file, _bytes.AsSpan(_length, _size - _length), at + _length) is > 0 and var read)
        {
            _length += read;
        }
    }
}
