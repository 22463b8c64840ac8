using OpenCvSharp;

namespace InMARS.Stages.Reports;

/// <summary>A picture being put together from panels that stand side by side.</summary>
internal sealed class Canvas(int height, int width)
{
    /// <summary>Red, green, blue, <c>[height, width, 3]</c>; white where nothing was drawn.</summary>
    public byte[] Pixels { get; } = White(height, width);

    /// <summary>Copies a panel of the canvas's height.</summary>
    /// <param name="panel"><c>[height, panelWidth, 3]</c>.</param>
    /// <param name="left">Column of the panel's left edge.</param>
    public void Place(byte[] panel, int panelWidth, int left)
    {
        for (var y = 0; y < height; y++)
        {
            panel.AsSpan(y * panelWidth * 3, panelWidth * 3).CopyTo(Pixels.AsSpan((y * width + left) * 3));
        }
    }

    /// <summary>The picture as a PNG.</summary>
    public byte[] ToPng()
    {
        using var rgb = Mat.FromPixelData(height, width, MatType.CV_8UC3, Pixels);
        using var bgr = rgb.CvtColor(ColorConversionCodes.RGB2BGR);
        return bgr.ToBytes(".png");
    }

    private static byte[] White(int height, int width)
    {
        var pixels = new byte[height * width * 3];
        Array.Fill(pixels, (byte)255);
        return pixels;
    }
}
