using InMARS.Pipeline.Outcomes;
using OpenCvSharp;

namespace InMARS.Stages.Images;

/// <summary>Changes the size of images; the truth follows by nearest neighbour at pixel centres.</summary>
public static class Resizing
{
    /// <summary>Resizes one image.</summary>
    /// <returns>A fresh image, or <c>image.too_large</c> when it would not fit into one array.</returns>
    public static Result<RgbImage> Resize(RgbImage image, ResizingOptions options)
    {
        var (height, width) = Target(image.Height, image.Width, options);
        if ((long)height * width * image.Bands > Array.MaxLength)
        {
            return new Fault("image.too_large", $"{width} x {height} pixels are more than one image can hold");
        }

        var pixels = new byte[height * width * image.Bands];
        using var from = OpenCv.View(image);
        using var to = OpenCv.View(pixels, height, width, image.Bands);
        Cv2.Resize(from, to, new Size(width, height), 0, 0, Flag(options.Interpolation, height > image.Height || width > image.Width));
        var truth = image.Truth is { } ids ? PixelMap.Nearest(image, height, width).Move(ids) : null;
        return new RgbImage(image.Origin, height, width, image.Bands, pixels, truth);
    }

    /// <summary>Size of an image of such a size behind it, in pixels.</summary>
    internal static (int Height, int Width) Target(long height, long width, ResizingOptions options) => options switch
    {
        { Scale: { } scale } => (Side(height * scale), Side(width * scale)),
        { Height: 0 } => (Side((double)height * options.Width / width), options.Width),
        { Width: 0 } => (options.Height, Side((double)width * options.Height / height)),
        _ => (options.Height, options.Width),
    };

    private static int Side(double length) => (int)Math.Clamp(Math.Round(length, MidpointRounding.AwayFromZero), 1, int.MaxValue);

    private static InterpolationFlags Flag(Interpolation interpolation, bool grows) => interpolation switch
    {
        Interpolation.Cubic => InterpolationFlags.Cubic,
        Interpolation.Area when !grows => InterpolationFlags.Area,
        _ => InterpolationFlags.Linear,
    };
}
