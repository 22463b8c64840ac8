namespace InMARS.Stages.Images.Formats;

/// <summary>The tags of a TIFF file that matter here.</summary>
internal static class TiffFile
{
    private const int Width = 256;
    private const int Height = 257;
    private const int BitsPerSample = 258;
    private const int Photometric = 262;
    private const int SamplesPerPixel = 277;
    private const int TileWidth = 322;
    private const int TileLength = 323;
    private const int ExtraSamples = 338;

    private const byte BlackIsZero = 1;
    private const byte Rgb = 2;
    private const byte Unspecified = 0;

    public static bool Is(ReadOnlySpan<byte> file) => TiffDirectory.Is(file);

    public static ImageHeader? Header(ReadOnlySpan<byte> file)
    {
        var tags = new TiffDirectory(file);
        return tags.Value(Width) is { } width && tags.Value(Height) is { } height
            && tags.Value(SamplesPerPixel, 1) is { } bands && tags.Value(BitsPerSample, 1) is { } bits
            ? new ImageHeader(ImageFormat.Tiff, Octets.Clamp(width), Octets.Clamp(height), Octets.Clamp(bands), Octets.Clamp(bits))
            : null;
    }

    /// <summary>Size of the tiles that the pixels are cut into, which the decoder allocates whole; 0 x 0 where they are not.</summary>
    public static (long Width, long Height) Tile(ReadOnlySpan<byte> file)
    {
        var tags = new TiffDirectory(file);
        return (tags.Value(TileWidth, 0) ?? uint.MaxValue, tags.Value(TileLength, 0) ?? uint.MaxValue);
    }

    /// <summary>A copy whose bands are decoded as they are stored.</summary>
    /// <remarks>
    /// Left as it is, libtiff multiplies the colours of an 8-bit file by what stands in its fourth band when that is
    /// marked as alpha, and gives the first band alone when several bands are marked as grey, as remote sensing does.
    /// </remarks>
    public static byte[] WithPlainBands(ReadOnlySpan<byte> file)
    {
        var tags = new TiffDirectory(file);
        var copy = file.ToArray();
        tags.Overwrite(copy, ExtraSamples, Unspecified);
        if (tags.Value(SamplesPerPixel) is 3 or 4 && tags.Value(Photometric) == BlackIsZero)
        {
            tags.Overwrite(copy, Photometric, Rgb);
        }

        return copy;
    }

    /// <summary>A copy of a file of one band whose values are decoded as they are stored: palette indices, no inversion.</summary>
    public static byte[] WithPlainValues(ReadOnlySpan<byte> file)
    {
        var copy = file.ToArray();
        new TiffDirectory(file).Overwrite(copy, Photometric, BlackIsZero);
        return copy;
    }
}
