using InMARS.Stages.Evaluation;
using InMARS.Stages.Images;
using OpenCvSharp;

namespace InMARS.Stages.Reports;

/// <summary>Draws predictions: the image, the clusters over it, and the truth over it where it is known.</summary>
internal static class OverlayPainter
{
    private const int Gutter = 6;
    private const int WishedWidth = 384;
    private const double LineWeight = 0.85;

    /// <summary>Draws one prediction as a PNG; small images are enlarged.</summary>
    /// <param name="prediction">With its image.</param>
    /// <param name="clusterColours">Red, green, blue of each cluster.</param>
    public static byte[] Paint(Prediction prediction, byte[] clusterColours, OverlayOptions options)
    {
        var scale = Math.Max(1, WishedWidth / prediction.Width);
        var (height, width) = (prediction.Height * scale, prediction.Width * scale);
        var image = Enlarged(prediction.Image!, height, width);
        var grey = Grey(image);
        List<byte[]> panels = [image, Tinted(grey, prediction.Clusters, (prediction.Width, scale), clusterColours, options)];
        if (prediction.Truth is { } truth && (truth.Height, truth.Width) == (prediction.Height, prediction.Width))
        {
            var colours = Palette.Rgb(1 + truth.Ids.Where(id => id != LabelMap.Ignore).Select(id => (int)id).DefaultIfEmpty(0).Max());
            panels.Add(Tinted(grey, truth.Ids, (prediction.Width, scale), colours, options));
        }

        var canvas = new Canvas(height, panels.Count * (width + Gutter) - Gutter);
        for (var i = 0; i < panels.Count; i++)
        {
            canvas.Place(panels[i], width, i * (width + Gutter));
        }

        return canvas.ToPng();
    }

    /// <summary>The image in red, green, blue at another size.</summary>
    private static byte[] Enlarged(RgbImage image, int height, int width)
    {
        using var stored = Mat.FromPixelData(image.Height, image.Width, MatType.CV_8UC(image.Bands), image.Pixels);
        using var rgb = image.Bands == 4 ? stored.CvtColor(ColorConversionCodes.RGBA2RGB) : stored.Clone();
        using var large = rgb.Resize(new Size(width, height), interpolation: InterpolationFlags.Cubic);
        var pixels = new byte[height * width * 3];
        System.Runtime.InteropServices.Marshal.Copy(large.Data, pixels, 0, pixels.Length);
        return pixels;
    }

    /// <summary>The same without colour: a tint over colour would be of neither.</summary>
    private static byte[] Grey(byte[] image)
    {
        var grey = new byte[image.Length];
        for (var i = 0; i < image.Length; i += 3)
        {
            grey.AsSpan(i, 3).Fill((byte)((299 * image[i] + 587 * image[i + 1] + 114 * image[i + 2]) / 1000));
        }

        return grey;
    }

    private static byte[] Tinted(byte[] image, ushort[] labels, (int Width, int Scale) grid, byte[] colours, OverlayOptions options)
    {
        var tinted = (byte[])image.Clone();
        var (width, height) = (grid.Width * grid.Scale, image.Length / 3 / (grid.Width * grid.Scale));
        for (var i = 0; i < width * height; i++)
        {
            var (x, y) = (i % width, i / width);
            var label = LabelAt(labels, grid, x, y);
            if (label == LabelMap.Ignore)
            {
                continue;
            }

            var line = options.Boundaries && IsBorder(labels, grid, (x, y), (width, height));
            Blend(tinted.AsSpan(3 * i, 3), line ? [255, 255, 255] : colours.AsSpan(3 * label, 3), line ? LineWeight : options.Alpha);
        }

        return tinted;
    }

    private static bool IsBorder(ushort[] labels, (int Width, int Scale) grid, (int X, int Y) at, (int Width, int Height) size)
    {
        var label = LabelAt(labels, grid, at.X, at.Y);
        return (at.X + 1 < size.Width && LabelAt(labels, grid, at.X + 1, at.Y) != label)
            || (at.Y + 1 < size.Height && LabelAt(labels, grid, at.X, at.Y + 1) != label);
    }

    private static ushort LabelAt(ushort[] labels, (int Width, int Scale) grid, int x, int y) =>
        labels[y / grid.Scale * grid.Width + x / grid.Scale];

    private static void Blend(Span<byte> pixel, ReadOnlySpan<byte> colour, double weight)
    {
        for (var band = 0; band < 3; band++)
        {
            pixel[band] = (byte)Math.Round(pixel[band] * (1 - weight) + colour[band] * weight);
        }
    }
}
