using System.Text;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Images.Formats;

namespace InMARS.Stages.Images;

/// <summary>Turns files away by what they declare, before any pixel is decoded.</summary>
internal static class Admission
{
    /// <summary>Encoders make about ten. A file of a few bytes a scan keeps a decoder busy for hours.</summary>
    private const int MostScans = 100;

    /// <summary>Checks format, declared size and completeness.</summary>
    /// <param name="topic">First part of the fault codes: <c>image</c> or <c>label</c>.</param>
    /// <returns>The header, or <c>.empty</c>, <c>.format</c>, <c>.too_large</c>, <c>.decode</c> of the topic.</returns>
    public static Result<ImageHeader> Check(ReadOnlySpan<byte> file, string topic, long maxPixels)
    {
        if (file.IsEmpty)
        {
            return new Fault($"{topic}.empty", "expected an image, found a file of 0 bytes");
        }

        if (ImageHeader.Read(file) is not { } header)
        {
            return Unreadable(file, topic);
        }

        return header switch
        {
            { Pixels: 0 } => new Fault($"{topic}.empty", $"the {Word(header.Format)} header declares {header.Width} x {header.Height} pixels"),
            _ when header.Pixels > maxPixels => new Fault(
                $"{topic}.too_large", $"the {Word(header.Format)} header declares {header.Width} x {header.Height} pixels; at most {maxPixels} (max_pixels) are decoded"),
            _ when Excess(file, header, maxPixels) is { } excess => new Fault($"{topic}.too_large", excess),
            _ when !header.IsWhole(file) => new Fault($"{topic}.decode", $"the {Word(header.Format)} data are truncated or damaged"),
            _ => header,
        };
    }

    public static string Word(ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => "JPEG",
        ImageFormat.Png => "PNG",
        ImageFormat.Tiff => "TIFF",
        ImageFormat.Bmp => "BMP",
        _ => "WebP",
    };

    /// <summary>What a decoder would spend on a file beyond what its pixels explain; null for honest files.</summary>
    private static string? Excess(ReadOnlySpan<byte> file, ImageHeader header, long maxPixels) => header.Format switch
    {
        ImageFormat.Jpeg when JpegFile.Scans(file) is > MostScans and var scans =>
            $"the JPEG data come in {scans} scans, each over all pixels; at most {MostScans} are decoded",
        ImageFormat.Tiff when TiffFile.Tile(file) is var (width, height) && (Int128)width * height > maxPixels =>
            $"the TIFF header declares tiles of {width} x {height} pixels; at most {maxPixels} (max_pixels) are decoded",
        _ => null,
    };

    private static Fault Unreadable(ReadOnlySpan<byte> file, string topic) => ImageHeader.FormatOf(file) is { } format
        ? new Fault($"{topic}.decode", $"the {Word(format)} header is cut short or damaged")
        : new Fault($"{topic}.format", $"expected JPEG, PNG, WebP, TIFF or BMP, found {Describe(file)}");

    private static string Describe(ReadOnlySpan<byte> file)
    {
        var start = file[..Math.Min(file.Length, 16)];
        return start.IndexOfAnyExceptInRange((byte)' ', (byte)'~') is var at && (at < 0 || (at > 0 && start[at] is (byte)'\r' or (byte)'\n' or (byte)'\t'))
            ? $"text that begins with '{Encoding.ASCII.GetString(at < 0 ? start : start[..at])}'"
            : $"bytes that begin with {Convert.ToHexStringLower(start[..Math.Min(start.Length, 4)])}";
    }
}
