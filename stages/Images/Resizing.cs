using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using OpenCvSharp;

namespace InMARS.Stages.Images;

/// <summary>Changes the size of images; the truth follows by nearest neighbour at pixel centres.</summary>
public static class Resizing
{
    /// <summary>Resizes one image.</summary>
    /// <returns>A fresh image, or <c>image.too_large</c> when it would not fit into one array.</returns>
    public static Result<RgbImage> Resize(RgbImage image, ResizingOptions options, ItemContext item = default)
    {
        var (height, width) = Target(image.Height, image.Width, options);
        if (Excess(height, width, image.Bands) is { } fault)
        {
            return fault;
        }

        var pixels = item.Rent<byte>(height * width * image.Bands);
        using var from = OpenCv.View(image);
        using var to = OpenCv.View(pixels, height, width, image.Bands);
        Cv2.Resize(from, to, new Size(width, height), 0, 0, Flag(options.Interpolation, height > image.Height || width > image.Width));
        var truth = image.Truth is { } ids ? PixelMap.Nearest(image, height, width, item).Move(ids, item) : null;
        return image.ReplacedBy(new RgbImage(image.Origin, height, width, image.Bands, pixels, truth), item);
    }

    /// <summary>Why no image can be made as large as that; null where it can.</summary>
    internal static Fault? Excess(int height, int width, int bands) => (long)height * width * bands > Array.MaxLength
        ? new Fault("image.too_large", $"{width} x {height} pixels are more than one image can hold")
        : null;

    /// <summary>Size of an image of such a size behind it, in pixels.</summary>
    internal static (int Height, int Width) Target(long height, long width, ResizingOptions options) => options switch
    {
        { Scale: { } scale } => (Side(height * scale), Side(width * scale)),
        { Height: 0 } => (Side((double)height * options.Width / width), options.Width),
        { Width: 0 } => (options.Height, Side((double)width * options.Height / height)),
        _ => (options.Height, options.Width),
    };

    private static int Side(double length) => (int)Math.Clamp(Math.Round(length, MidpointRounding.AwayFromZero), 1, int.MaxValue);

    internal static InterpolationFlags Flag(Interpolation interpolation, bool grows) => interpolation switch
    {
        Interpolation.Cubic => InterpolationFlags.Cubic,
        Interpolation.Area when !grows => InterpolationFlags.Area,
        _ => InterpolationFlags.Linear,
    };
}
