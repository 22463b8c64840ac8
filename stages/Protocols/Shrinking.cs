using System.Runtime.InteropServices;
using InMARS.Stages.Images;
using OpenCvSharp;

namespace InMARS.Stages.Protocols;

/// <summary>Smaller images exactly as the published protocols have them.</summary>
/// <remarks>
/// OpenCV's resize by a factor: bilinear for pixels, its own nearest neighbour (the corner's, not the centre's) for
/// classes. The stage <c>image.resize</c> goes by the size in whole pixels instead, which differs where a factor does not divide.
/// </remarks>
public static class Shrinking
{
    /// <summary>Shrinks an image and its truth.</summary>
    /// <param name="image">Borrowed.</param>
    /// <param name="factor">Of both sides, above 0 to 1.</param>
    /// <returns>A fresh image of the rounded size; values are rounded to 8 bits.</returns>
    public static RgbImage Shrink(RgbImage image, double factor)
    {
        using var from = OpenCv.View(image);
        using var to = Resize(from, factor, InterpolationFlags.Linear);
        var pixels = new byte[to.Rows * to.Cols * image.Bands];
        Marshal.Copy(to.Data, pixels, 0, pixels.Length);
        return new RgbImage(image.Origin, to.Rows, to.Cols, image.Bands, pixels, image.Truth is { } truth ? Shrink(truth, factor) : null);
    }

    /// <summary>An image as a PNG: red, green, blue, and the fourth band as alpha.</summary>
    public static byte[] Png(RgbImage image)
    {
        using var view = OpenCv.View(image);
        using var swapped = new Mat();
        Cv2.CvtColor(view, swapped, image.Bands == 4 ? ColorConversionCodes.RGBA2BGRA : ColorConversionCodes.RGB2BGR);
        Cv2.ImEncode(".png", swapped, out var file);
        return file;
    }

    private static LabelMap Shrink(LabelMap truth, double factor)
    {
        using var from = Mat.FromPixelData(truth.Height, truth.Width, MatType.CV_16UC1, truth.Ids);
        using var to = Resize(from, factor, InterpolationFlags.Nearest);
        to.GetArray(out ushort[] ids);
        return new LabelMap(to.Rows, to.Cols, ids);
    }

    private static Mat Resize(Mat from, double factor, InterpolationFlags flag)
    {
        var to = new Mat();
        Cv2.Resize(from, to, default, factor, factor, flag);
        return to;
    }
}
