using InMARS.Pipeline.Outcomes;
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
    /// Pixels turned upright, 3 or 4 bands; 16 bits are scaled to 8 by 257. The truth has the image's size.
    /// Faults: <c>image.empty</c>, <c>image.format</c>, <c>image.too_large</c>, <c>image.decode</c>, <c>image.bands</c>,
    /// <c>image.depth</c>, and those of <c>label</c>: <c>.missing</c>, <c>.empty</c>, <c>.format</c>, <c>.too_large</c>,
    /// <c>.decode</c>, <c>.bands</c>, <c>.depth</c>, <c>.size</c>, <c>.unknown_id</c>.
    /// </returns>
    public Result<RgbImage> Decode(Sample sample) =>
        from header in Admission.Check(sample.Image, "image", options.MaxPixels)
        from image in Pixels(sample, header)
        from truth in _labels.Decode(sample.Label, image)
        select image with { Truth = truth };

    private Result<RgbImage> Pixels(Sample sample, ImageHeader header)
    {
        if (BandFault(header) is { } fault)
        {
            return fault;
        }

        var file = header.Format == ImageFormat.Tiff ? TiffFile.WithPlainBands(sample.Image) : sample.Image;
        using var stored = OpenCv.Decode(file, options.Bands == 4 ? ImreadModes.Unchanged : ImreadModes.Color | ImreadModes.AnyDepth);
        if (stored is null || (long)stored.Rows * stored.Cols != header.Pixels)
        {
            return new Fault("image.decode", $"the {Admission.Word(header.Format)} data are damaged, truncated or of a kind that OpenCV does not decode");
        }

        if (stored.Channels() != options.Bands)
        {
            return new Fault("image.bands", $"expected {options.Bands} bands, found {stored.Channels()} after decoding");
        }

        // OpenCV turns images itself, but not those that it decodes unchanged.
        if (options.Bands == 4)
        {
            Orientation.Apply(stored, Orientation.Of(sample.Image, header.Format));
        }

        return ToRgb(stored, sample);
    }

    private Fault? BandFault(ImageHeader header) => header.Bands switch
    {
        > 4 => new Fault("image.bands", $"expected 1 to 4 bands, found {header.Bands}"),
        < 4 when options.Bands == 4 => new Fault("image.bands", $"expected 4 bands, found {header.Bands}"),
        _ => null,
    };

    private static Result<RgbImage> ToRgb(Mat stored, Sample sample)
    {
        if (stored.Depth() == MatType.CV_16U)
        {
            stored.ConvertTo(stored, MatType.CV_8U, 1 / 257.0);
        }
        else if (stored.Depth() != MatType.CV_8U)
        {
            return new Fault("image.depth", $"expected values of 8 or 16 bits, found {stored.Type()}");
        }

        var bands = stored.Channels();
        var pixels = new byte[(long)stored.Rows * stored.Cols * bands];
        using var view = OpenCv.View(pixels, stored.Rows, stored.Cols, bands);
        Cv2.CvtColor(stored, view, bands == 4 ? ColorConversionCodes.BGRA2RGBA : ColorConversionCodes.BGR2RGB);
        return new RgbImage(sample.Origin, stored.Rows, stored.Cols, bands, pixels);
    }
}
