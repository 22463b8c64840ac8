using OpenCvSharp;

namespace InMARS.Stages.Images.Formats;

/// <summary>How a stored image is to be turned for display: 1 to 8 of the EXIF tag 274, 1 for "as it is".</summary>
internal static class Orientation
{
    private const int Tag = 274;

    /// <summary>The orientation that a PNG or WebP file asks for; 1 for other formats, whose decoder turns them itself.</summary>
    public static int Of(ReadOnlySpan<byte> file, ImageFormat format)
    {
        var exif = format switch
        {
            ImageFormat.Png => PngFile.Exif(file),
            ImageFormat.WebP => WebPFile.Exif(file),
            _ => default,
        };
        var block = exif.StartsWith("Exif\0\0"u8) ? exif[6..] : exif;
        return new TiffDirectory(block).Value(Tag) is >= 1 and <= 8 and var turn ? (int)turn : 1;
    }

    /// <summary>Turns in place.</summary>
    public static void Apply(Mat image, int orientation)
    {
        if (orientation >= 5)
        {
            Cv2.Transpose(image, image);
        }

        if (orientation is 2 or 3 or 6 or 7)
        {
            Cv2.Flip(image, image, FlipMode.Y);
        }

        if (orientation is 3 or 4 or 7 or 8)
        {
            Cv2.Flip(image, image, FlipMode.X);
        }
    }
}
