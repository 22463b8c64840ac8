namespace InMARS.Stages.Learning.Fused;

/// <summary>Cells of one image with their channels beside each other and a border around them. Its memory grows and is used again.</summary>
internal sealed class CellMap
{
    private float[] _values = [];

    public int Height { get; private set; }

    public int Width { get; private set; }

    public int Channels { get; private set; }

    /// <summary>Cells on each side around the map.</summary>
    public int Border { get; private set; }

    public float[] Values => _values;

    /// <summary>Floats from one row to the next.</summary>
    public int RowStep => (Width + (2 * Border)) * Channels;

    /// <summary>Floats that a map takes.</summary>
    /// <param name="slack">Cells behind the last one that may be read, whatever they hold.</param>
    public static long Length(int height, int width, int channels, int border, int slack) =>
        ((long)(height + (2 * border)) * (width + (2 * border)) + slack) * channels;

    /// <summary>Makes room; what the map held is lost.</summary>
    public void Shape(int height, int width, int channels, int border, int slack)
    {
        (Height, Width, Channels, Border) = (height, width, channels, border);
        var length = Length(height, width, channels, border, slack);
        if (_values.Length < length)
        {
            _values = GC.AllocateUninitializedArray<float>(checked((int)length));
        }
    }

    /// <summary>Where a cell begins; coordinates may reach into the border.</summary>
    public int At(int y, int x) => ((y + Border) * RowStep) + ((x + Border) * Channels);

    /// <summary>The cells of a row, without its border.</summary>
    public Span<float> Row(int y) => _values.AsSpan(At(y, 0), Width * Channels);

    /// <summary>Fills the cells left and right of a row whose own cells are there.</summary>
    public void Close(int y, BorderPadding padding)
    {
        for (var x = 1; x <= Border; x++)
        {
            Copy(y, Beyond(-x, Width, padding), -x);
            Copy(y, Beyond(Width - 1 + x, Width, padding), Width - 1 + x);
        }
    }

    /// <summary>Fills the rows above and below, once all others are closed.</summary>
    public void Close(BorderPadding padding)
    {
        for (var y = 1; y <= Border; y++)
        {
            CopyRow(Beyond(-y, Height, padding), -y);
            CopyRow(Beyond(Height - 1 + y, Height, padding), Height - 1 + y);
        }
    }

    /// <summary>What stands beyond the map: a cell of it, or null for zeros. As <see cref="ConvolutionLayer"/> has it, a map not wider than its border continues.</summary>
    private int? Beyond(int at, int length, BorderPadding padding) => padding switch
    {
        BorderPadding.Zeros => null,
        _ when Math.Min(Height, Width) <= Border => Math.Clamp(at, 0, length - 1),
        _ => at < 0 ? -at : (2 * (length - 1)) - at,
    };

    private void Copy(int y, int? from, int to)
    {
        var target = _values.AsSpan(At(y, to), Channels);
        if (from is { } x)
        {
            _values.AsSpan(At(y, x), Channels).CopyTo(target);
        }
        else
        {
            target.Clear();
        }
    }

    private void CopyRow(int? from, int to)
    {
        var target = _values.AsSpan(At(to, -Border), RowStep);
        if (from is { } y)
        {
            _values.AsSpan(At(y, -Border), RowStep).CopyTo(target);
        }
        else
        {
            target.Clear();
        }
    }
}
