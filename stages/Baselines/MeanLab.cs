using InMARS.Stages.Superpixels;
using OpenCvSharp;

namespace InMARS.Stages.Baselines;

/// <summary>The mean colour of superpixels.</summary>
internal static class MeanLab
{
    public const int Dimensions = 3;

    /// <summary>Mean CIE Lab of each superpixel, <c>[Count, 3]</c>, row major; L from 0 to 100. Bands beyond the third are left out.</summary>
    public static float[] Of(SuperpixelMap map)
    {
        var lab = Lab(map.Image.Pixels, map.Image.Height, map.Image.Width, map.Image.Bands);
        var sums = new double[map.Count * Dimensions];
        for (var i = 0; i < map.Labels.Length; i++)
        {
            for (var d = 0; d < Dimensions; d++)
            {
                sums[map.Labels[i] * Dimensions + d] += lab[i][d];
            }
        }

        var areas = Areas(map);
        return [.. sums.Select((sum, i) => (float)(sum / areas[i / Dimensions]))];
    }

    /// <summary>Pixels of each superpixel.</summary>
    public static int[] Areas(SuperpixelMap map)
    {
        var areas = new int[map.Count];
        foreach (var label in map.Labels)
        {
            areas[label]++;
        }

        return areas;
    }

    private static Vec3f[] Lab(byte[] pixels, int height, int width, int bands)
    {
        using var image = Mat.FromPixelData(height, width, MatType.CV_8UC(bands), pixels);
        using var scaled = new Mat();
        image.ConvertTo(scaled, MatType.CV_32FC(bands), 1 / 255.0);
        using var rgb = bands == 3 ? scaled.Clone() : scaled.CvtColor(ColorConversionCodes.RGBA2RGB);
        using var lab = rgb.CvtColor(ColorConversionCodes.RGB2Lab);
        _ = lab.GetArray(out Vec3f[] values);
        return values;
    }
}
