namespace InMARS.Stages.Superpixels;

/// <summary>Differences of labels on their way from a stream, as <see cref="LabelCode"/> has them.</summary>
/// <param name="stream">Borrowed.</param>
/// <param name="chunk">Memory for what is read but not used yet.</param>
internal ref struct LabelDifferences(Stream stream, Span<byte> chunk)
{
    private const int MostOctets = 5;

    private readonly Span<byte> _chunk = chunk;
    private int _start;
    private int _end;

    /// <summary>Whether there is nothing more.</summary>
    public bool AtEnd => Fill(1) == 0;

    /// <summary>Makes labels of the differences; gives their number, or -1 where they are not numbered by first occurrence.</summary>
    /// <exception cref="InvalidDataException">The differences end too early, or are no numbers.</exception>
    public int Sum(Span<int> labels, int width)
    {
        var next = Math.Min(1, labels.Length);
        for (var i = 0; i < labels.Length;)
        {
            i += Same(labels, i, width);
            if (i == labels.Length)
            {
                break;
            }

            var label = Next() + Neighbour(labels, i, width);
            if (label < 0 || label > next || (i == 0 && label > 0))
            {
                return -1;
            }

            next = Math.Max(next, label + 1);
            labels[i++] = label;
        }

        return next;
    }

    private static int Neighbour(ReadOnlySpan<int> labels, int i, int width) => i >= width ? labels[i - width] : i > 0 ? labels[i - 1] : 0;

    /// <summary>Copies the labels above, or in the first row the one on the left, as far as nothing differs.</summary>
    /// <returns>How many.</returns>
    private int Same(Span<int> labels, int i, int width)
    {
        var ready = Ready(1);
        var run = ready.IndexOfAnyExcept((byte)0);
        run = Math.Min(run < 0 ? ready.Length : run, i < width ? Math.Min(width, labels.Length) - i : Math.Min(width, labels.Length - i));
        if (i < width)
        {
            labels.Slice(i, run).Fill(Neighbour(labels, i, width));
        }
        else
        {
            labels.Slice(i - width, run).CopyTo(labels[i..]);
        }

        _start += run;
        return run;
    }

    private int Next()
    {
        var ready = Ready(MostOctets);
        uint value = 0;
        for (var at = 0; at < MostOctets; at++)
        {
            var octet = at < ready.Length ? ready[at] : throw new InvalidDataException("the labels end too early");
            value |= (uint)(octet & 0x7F) << (7 * at);
            if (octet < 0x80)
            {
                _start += at + 1;
                return (int)(value >> 1) ^ -(int)(value & 1);
            }
        }

        throw new InvalidDataException("a number of the labels has no end");
    }

    private ReadOnlySpan<byte> Ready(int least)
    {
        var count = Fill(least);
        return _chunk.Slice(_start, count);
    }

    /// <summary>Reads on until so many bytes are ready, or the stream ends.</summary>
    /// <returns>Bytes that are ready.</returns>
    private int Fill(int least)
    {
        if (_end - _start < least)
        {
            _chunk[_start.._end].CopyTo(_chunk);
            (_start, _end) = (0, _end - _start);
            _end += stream.ReadAtLeast(_chunk[_end..], least - _end, throwOnEndOfStream: false);
        }

        return _end - _start;
    }
}
