using System.Runtime.InteropServices;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images.Formats;
using InMARS.Stages.Shards;
using OpenCvSharp;

namespace InMARS.Stages.Images;

/// <summary>From encoded samples to pixels.</summary>
public sealed class Decoding(DecodingOptions options)
{
    private readonly LabelDecoding _labels = new(options.Labels, options.MaxPixels);

    /// <summary>Decodes an image and its label map.</summary>
    /// <returns>
    /// Pixels turned upright, 3 or 4 bands, at the size that is asked for; 16 bits are scaled to 8 by 257. The truth has the image's size.
    /// Faults: <c>image.empty</c>, <c>image.format</c>, <c>image.too_large</c>, <c>image.decode</c>, <c>image.bands</c>,
    /// <c>image.depth</c>, and those of <c>label</c>: <c>.missing</c>, <c>.empty</c>, <c>.format</c>, <c>.too_large</c>,
    /// <c>.decode</c>, <c>.bands</c>, <c>.depth</c>, <c>.size</c>, <c>.unknown_id</c>.
    /// </returns>
    public Result<RgbImage> Decode(Sample sample, ItemContext item = default)
    {
        if (!Admission.Check(sample.Image.Span, "image", options.MaxPixels).TryGet(out var header, out var fault)
            || !Pixels(sample, Reduction.For(header, options), item).TryGet(out var found, out fault)
            || !Truth(sample, found.Full, found.Image, item).TryGet(out var truth, out fault))
        {
            return fault;
        }

        Release(sample.Image, item);
        Release(sample.Label ?? default, item);
        Release(sample.Json ?? default, item);
        return truth is null ? found.Image : found.Image with { Truth = truth };
    }

    /// <summary>Nobody reads these encoded bytes any more.</summary>
    private static void Release(ReadOnlyMemory<byte> file, ItemContext item)
    {
        if (MemoryMarshal.TryGetArray(file, out var segment) && segment.Array is { } array)
        {
            item.Arrays?.Release(array);
        }
    }

    private Result<(RgbImage Image, (int Height, int Width) Full)> Pixels(Sample sample, Reduction reduction, ItemContext item)
    {
        var header = reduction.Header;
        if (BandFault(header) is { } fault)
        {
            return fault;
        }

        var file = header.Format == ImageFormat.Tiff ? TiffFile.WithPlainBands(sample.Image.Span) : sample.Image.Span;
        using var stored = OpenCv.Decode(file, options.Bands == 4 ? ImreadModes.Unchanged : reduction.Mode);
        if (stored is null || (long)stored.Rows * stored.Cols != reduction.Pixels)
        {
            return new Fault("image.decode", $"the {Admission.Word(header.Format)} data are damaged, truncated or of a kind that OpenCV does not decode");
        }

        if (stored.Channels() != options.Bands)
        {
            return new Fault("image.bands", $"expected {options.Bands} bands, found {stored.Channels()} after decoding");
        }

        if (ToEightBits(stored) is { } depth)
        {
            return depth;
        }

        // OpenCV turns images itself and puts red first, but not in those that it decodes unchanged.
        if (options.Bands == 4)
        {
            Cv2.CvtColor(stored, stored, ColorConversionCodes.BGRA2RGBA);
            Orientation.Apply(stored, Orientation.Of(sample.Image.Span, header.Format));
        }

        var full = reduction.Upright(stored.Rows, stored.Cols);
        return ToRgb(stored, sample, full, item).TryGet(out var image, out var large) ? (image, full) : large;
    }

    private Fault? BandFault(ImageHeader header) => header.Bands switch
    {
        > 4 => new Fault("image.bands", $"expected 1 to 4 bands, found {header.Bands}"),
        < 4 when options.Bands == 4 => new Fault("image.bands", $"expected 4 bands, found {header.Bands}"),
        _ => null,
    };

    private static Fault? ToEightBits(Mat stored)
    {
        if (stored.Depth() == MatType.CV_16U)
        {
            stored.ConvertTo(stored, MatType.CV_8U, 1 / 257.0);
        }

        return stored.Depth() == MatType.CV_8U ? null : new Fault("image.depth", $"expected values of 8 or 16 bits, found {stored.Type()}");
    }

    /// <param name="full">Size of the whole image, upright.</param>
    private Result<RgbImage> ToRgb(Mat stored, Sample sample, (int Height, int Width) full, ItemContext item)
    {
        var (height, width) = options.Resize is { } resize ? Resizing.Target(full.Height, full.Width, resize) : full;
        var bands = stored.Channels();
        if (Resizing.Excess(height, width, bands) is { } fault)
        {
            return fault;
        }

        var image = new RgbImage(sample.Origin, height, width, bands, item.Rent<byte>(height * width * bands));
        if (options.Resize is { } how)
        {
            using var view = OpenCv.View(image);
            Cv2.Resize(stored, view, new Size(width, height), 0, 0, Resizing.Flag(how.Interpolation, height > full.Height || width > full.Width));
        }
        else
        {
            Marshal.Copy(stored.Data, image.Pixels, 0, image.Pixels.Length);
        }

        return image;
    }

    /// <summary>The truth is checked at the size of the whole image, and follows it to its new size.</summary>
    private Result<LabelMap?> Truth(Sample sample, (int Height, int Width) full, RgbImage image, ItemContext item) =>
        _labels.Decode(sample.Label, full, item).TryGet(out var truth, out var fault)
            ? truth is null || full == (image.Height, image.Width) ? truth : Shrunk(truth, image, item)
            : fault;

    private static LabelMap Shrunk(LabelMap truth, RgbImage image, ItemContext item)
    {
        var moved = PixelMap.Nearest(truth, image.Height, image.Width, item).Move(truth, item);
        item.Arrays?.Release(truth.Ids);
        return moved;
    }
}
