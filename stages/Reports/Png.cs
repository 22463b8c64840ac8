namespace InMARS.Stages.Reports;

/// <summary>Writes PNG files of the four kinds that label maps and scenes need, each into an array of its own.</summary>
/// <remarks>The same pixels always give the same bytes.</remarks>
public static class Png
{
    /// <summary>A grey image of 8 bits.</summary>
    /// <param name="pixels"><c>[height, width]</c>, row major.</param>
    public static byte[] Grey8(int height, int width, ReadOnlySpan<byte> pixels)
    {
        using var encoder = new PngEncoder();
        return encoder.Grey8(height, width, pixels).ToArray();
    }

    /// <summary>A grey image of 16 bits.</summary>
    /// <param name="pixels"><c>[height, width]</c>, row major.</param>
    public static byte[] Grey16(int height, int width, ReadOnlySpan<ushort> pixels)
    {
        using var encoder = new PngEncoder();
        return encoder.Grey16(height, width, pixels).ToArray();
    }

    /// <summary>A colour image of 8 bits a band.</summary>
    /// <param name="pixels"><c>[height, width, 3]</c>, red, green, blue, row major.</param>
    public static byte[] Rgb8(int height, int width, ReadOnlySpan<byte> pixels)
    {
        using var encoder = new PngEncoder();
        return encoder.Rgb8(height, width, pixels).ToArray();
    }

    /// <summary>Indices into a palette, which most viewers show in colour.</summary>
    /// <param name="indices"><c>[height, width]</c>, row major.</param>
    /// <param name="palette">Red, green, blue of each index; at most 256 colours.</param>
    public static byte[] Indexed8(int height, int width, ReadOnlySpan<byte> indices, byte[] palette)
    {
        using var encoder = new PngEncoder();
        return encoder.Indexed8(height, width, indices, palette).ToArray();
    }
}
