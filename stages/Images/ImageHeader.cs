using InMARS.Stages.Images.Formats;

namespace InMARS.Stages.Images;

/// <summary>What an image file declares about itself, read without decoding it.</summary>
/// <param name="Width">In pixels, as stored: before any rotation that the file asks for. Up to <see cref="int.MaxValue"/>, 0 included.</param>
/// <param name="Height">In pixels, as <paramref name="Width"/>.</param>
/// <param name="Bands">Values stored for each pixel: 1 for grey and for a palette, 4 with alpha, near infrared or CMYK.</param>
/// <param name="BitDepth">Bits of each value.</param>
public readonly record struct ImageHeader(ImageFormat Format, int Width, int Height, int Bands, int BitDepth)
{
    /// <summary>Pixels declared.</summary>
    public long Pixels => (long)Width * Height;

    /// <summary>Reads the header of a JPEG, PNG, WebP, TIFF (not BigTIFF) or BMP file.</summary>
    /// <returns>The header, or null for any other bytes and for a header that is cut short. Never throws.</returns>
    public static ImageHeader? Read(ReadOnlySpan<byte> file) => FormatOf(file) switch
    {
        ImageFormat.Jpeg => JpegFile.Header(file),
        ImageFormat.Png => PngFile.Header(file),
        ImageFormat.WebP => WebPFile.Header(file),
        ImageFormat.Tiff => TiffFile.Header(file),
        ImageFormat.Bmp => BmpFile.Header(file),
        _ => null,
    };

    /// <summary>The format that the first bytes announce, if it is one that is read.</summary>
    internal static ImageFormat? FormatOf(ReadOnlySpan<byte> file) =>
        JpegFile.Is(file) ? ImageFormat.Jpeg
        : PngFile.Is(file) ? ImageFormat.Png
        : WebPFile.Is(file) ? ImageFormat.WebP
        : TiffFile.Is(file) ? ImageFormat.Tiff
        : BmpFile.Is(file) ? ImageFormat.Bmp
        : null;

    /// <summary>Whether the structure of the file is intact to its end. TIFF and BMP have none to check: their decoders see it.</summary>
    internal bool IsWhole(ReadOnlySpan<byte> file) => Format switch
    {
        ImageFormat.Jpeg => JpegFile.IsWhole(file),
        ImageFormat.Png => PngFile.IsWhole(file),
        ImageFormat.WebP => WebPFile.IsWhole(file),
        _ => true,
    };
}
