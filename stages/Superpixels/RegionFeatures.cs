using System.Runtime.InteropServices;
using InMARS.Stages.Images;

namespace InMARS.Stages.Superpixels;

/// <summary>What superpixels look like, in few numbers.</summary>
public static class RegionFeatures
{
    /// <summary>Mean colour of every superpixel.</summary>
    /// <returns>
    /// CIELAB, <c>[Count, 3]</c>, row major: L 0 to 100, a and b about -127 to 127. From 8-bit Lab, so that a single pixel
    /// is good to about 0.4 in L and 1 in a and b.
    /// </returns>
    public static float[] MeanLab(SuperpixelMap map)
    {
        using var lab = OpenCv.Lab(map.Image);
        var sums = new long[map.Count * 3];
        var areas = new long[map.Count];
        Sum(MemoryMarshal.CreateReadOnlySpan(ref lab.At<byte>(0, 0), map.Labels.Length * 3), map.Labels, sums, areas);
        var means = new float[sums.Length];
        for (var i = 0; i < map.Count; i++)
        {
            var area = (double)areas[i];
            means[3 * i] = (float)(sums[3 * i] / area * (100 / 255.0));
            means[(3 * i) + 1] = (float)((sums[(3 * i) + 1] / area) - 128);
            means[(3 * i) + 2] = (float)((sums[(3 * i) + 2] / area) - 128);
        }

        return means;
    }

    private static void Sum(ReadOnlySpan<byte> lab, int[] labels, long[] sums, long[] areas)
    {
        for (var i = 0; i < labels.Length; i++)
        {
            var label = labels[i];
            areas[label]++;
            sums[3 * label] += lab[3 * i];
            sums[(3 * label) + 1] += lab[(3 * i) + 1];
            sums[(3 * label) + 2] += lab[(3 * i) + 2];
        }
    }
}
