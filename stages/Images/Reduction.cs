using OpenCvSharp;

namespace InMARS.Stages.Images;

/// <summary>The scale at which a file is decoded. The decoder of JPEG can leave out what a smaller image does not show.</summary>
/// <param name="Factor">1, 2, 4 or 8: one of so many rows and columns is decoded, rounded up.</param>
internal readonly record struct Reduction(ImageHeader Header, int Factor)
{
    /// <summary>OpenCV's flag for colours with red first, in place of <see cref="ImreadModes.Color"/>; its wrapper has no name for it.</summary>
    private const ImreadModes RedFirst = (ImreadModes)256;

    /// <summary>How OpenCV is told so. Without a flag for colours, what is reduced would be grey.</summary>
    public ImreadModes Mode => RedFirst | Factor switch
    {
        2 => ImreadModes.ReducedGrayscale2,
        4 => ImreadModes.ReducedGrayscale4,
        8 => ImreadModes.ReducedGrayscale8,
        _ => ImreadModes.AnyDepth,
    };

    /// <summary>Pixels that come out.</summary>
    public long Pixels => (long)Part(Header.Height, Factor) * Part(Header.Width, Factor);

    /// <summary>The largest factor at which the image still is as large as it is to become, whichever way up; 1 where there is none.</summary>
    public static Reduction For(ImageHeader header, DecodingOptions options) => new(
        header,
        options is { Reduced: true, Bands: 3, Resize: { } resize } && header is { Format: ImageFormat.Jpeg, Bands: 1 or 3, Pixels: > 0 } ? Largest(header, resize) : 1);

    /// <summary>Size of the whole image, upright.</summary>
    /// <param name="rows">Of what was decoded, upright too.</param>
    public (int Height, int Width) Upright(int rows, int columns) => Factor == 1 ? (rows, columns)
        : (rows, columns) == (Part(Header.Height, Factor), Part(Header.Width, Factor)) ? (Header.Height, Header.Width)
        : (Header.Width, Header.Height);

    private static int Largest(ImageHeader header, ResizingOptions resize)
    {
        var factor = 8;
        while (factor > 1 && !(TellsItsSides(header, factor) && Leaves(header.Height, header.Width, factor, resize) && Leaves(header.Width, header.Height, factor, resize)))
        {
            factor /= 2;
        }

        return factor;
    }

    /// <summary>Whether one sees of the smaller image how it was turned.</summary>
    private static bool TellsItsSides(ImageHeader header, int factor) =>
        header.Height == header.Width || Part(header.Height, factor) != Part(header.Width, factor);

    private static bool Leaves(int height, int width, int factor, ResizingOptions resize)
    {
        var target = Resizing.Target(height, width, resize);
        return Part(height, factor) >= target.Height && Part(width, factor) >= target.Width;
    }

    private static int Part(int side, int factor) => (int)(((long)side + factor - 1) / factor);
}
