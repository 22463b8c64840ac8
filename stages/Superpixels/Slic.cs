using System.Runtime.InteropServices;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;
using OpenCvSharp;
using OpenCvSharp.XImgProc;
using InMARS.Stages.Superpixels.Simd;
using SimdSlic = InMARS.Stages.Superpixels.Simd.SimdSlic;

namespace InMARS.Stages.Superpixels;

/// <summary>Simple linear iterative clustering.</summary>
public static class Slic
{
    /// <summary>Cuts an image into connected superpixels of similar size and colour.</summary>
    /// <param name="image">3 or 4 bands; a fourth band has no say unless <see cref="SlicOptions.Infrared"/>. Smaller than one region on either side is a fault.</param>
    /// <returns>Labels numbered without gaps in the order in which they first occur, or <c>superpixel.too_small</c>.</returns>
    /// <remarks>
    /// Achanta et al., "SLIC superpixels compared to state-of-the-art superpixel methods", TPAMI 34(11), 2012,
    /// algorithm 1, in CIELAB, by the engine of the options. Every superpixel is one 4-connected component.
    /// </remarks>
    public static Result<SuperpixelMap> Cut(RgbImage image, SlicOptions options, ItemContext item = default)
    {
        var regionSize = options.RegionSizeFor(image.Height, image.Width);
        if (Math.Min(image.Height, image.Width) < regionSize)
        {
            return new Fault("superpixel.too_small", $"the image is {image.Width} x {image.Height} pixels, less than one region of {regionSize}");
        }

        return options.Cutter == SlicEngine.Simd ? CutBySimd(image, options, item) : CutByOpenCv(image, options, regionSize, item);
    }

    /// <summary>The blur, where there is one, is on red, green and blue.</summary>
    private static SuperpixelMap CutBySimd(RgbImage image, SlicOptions options, ItemContext item)
    {
        if (options.Blur > 0)
        {
            using var view = OpenCv.View(image);
            var blurred = image with { Pixels = item.Rent<byte>(image.Pixels.Length) };
            using var target = OpenCv.View(blurred);
            Cv2.GaussianBlur(view, target, new Size(0, 0), options.Blur);
            var cut = CutBySimd(blurred, options with { Blur = 0 }, item) with { Image = image };
            item.Arrays?.Release(blurred.Pixels);
            return cut;
        }

        var (labels, count) = SimdSlic.Cut(image, options, SimdSlic.Best, item);
        return new SuperpixelMap(image, labels, count);
    }

    private static SuperpixelMap CutByOpenCv(RgbImage image, SlicOptions options, int regionSize, ItemContext item)
    {
        using var lab = OpenCv.Lab(image, options.Blur);
        var algorithm = options.Algorithm == SlicAlgorithm.Slico ? SLICType.SLICO : SLICType.SLIC;
        using var slic = SuperpixelSLIC.Create(lab, algorithm, regionSize, (float)options.Ruler);
        slic.Iterate(options.Iterations);
        slic.EnforceLabelConnectivity(options.Connectivity);
        using var plane = new Mat();
        slic.GetLabels(plane);
        var labels = item.Rent<int>(image.Height * image.Width);
        Marshal.Copy(plane.Data, labels, 0, labels.Length);
        return new SuperpixelMap(image, labels, Renumber(labels, item));
    }

    /// <summary>Numbers labels in place by their first occurrence, and gives how many there are.</summary>
    internal static int Renumber(Span<int> labels, ItemContext item = default)
    {
        var largest = 0;
        foreach (var label in labels)
        {
            largest = Math.Max(largest, label);
        }

        var count = 0;
        using var rented = item.Scratch<int>(largest + 1);
        var numbers = rented.Span;
        numbers.Clear();
        foreach (ref var label in labels)
        {
            ref var number = ref numbers[label];
            if (number == 0)
            {
                number = ++count;
            }

            label = number - 1;
        }

        return count;
    }
}
