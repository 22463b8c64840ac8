using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Images.Formats;
using OpenCvSharp;

namespace InMARS.Stages.Images;

/// <summary>From encoded label maps to classes: the numbers that the file stores, never the colours that a palette shows for them.</summary>
internal sealed class LabelDecoding(LabelOptions options, long maxPixels)
{
    private readonly ClassTable _classes = new(options);

    /// <summary>Decodes the label map of an image.</summary>
    /// <returns>Classes of the image's size, null where there is no label map to use, or a fault of <c>label</c>.</returns>
    public Result<LabelMap?> Decode(byte[]? file, RgbImage image)
    {
        if (!options.Use || file is null)
        {
            return options is { Use: true, Required: true } ? new Fault("label.missing", "the sample has no label map") : new Result<LabelMap?>.Ok(null);
        }

        return
            from header in Admission.Check(file, "label", maxPixels)
            from stored in SizeFault(header, image) is { } fault ? fault : Ids(file, header)
            from ids in _classes.Apply(stored)
            select (LabelMap?)new LabelMap(image.Height, image.Width, ids);
    }

    /// <summary>Reads the ids of a label map as they are stored, where there is no image to go with it.</summary>
    public static Result<LabelMap> Stored(byte[] file, long maxPixels) =>
        from header in Admission.Check(file, "label", maxPixels)
        from ids in Ids(file, header)
        select new LabelMap(header.Height, header.Width, ids);

    private static Fault? SizeFault(ImageHeader header, RgbImage image) => header.Width == image.Width && header.Height == image.Height
        ? null
        : new Fault("label.size", $"expected {image.Width} x {image.Height} pixels as in the image, found {header.Width} x {header.Height}");

    private static Result<ushort[]> Ids(byte[] file, ImageHeader header) => header switch
    {
        { Format: not (ImageFormat.Png or ImageFormat.Tiff) } => new Fault(
            "label.format", $"expected PNG or TIFF, which keep ids exactly, found {Admission.Word(header.Format)}"),
        { Bands: not 1 } => new Fault("label.bands", $"expected one band of ids, found {header.Bands} bands"),
        { Format: ImageFormat.Png } => PngValues.Read(file, header),
        { BitDepth: not (8 or 16) } => new Fault("label.depth", $"expected values of 8 or 16 bits, found {header.BitDepth}"),
        _ => TiffValues(file, header),
    };

    private static Result<ushort[]> TiffValues(byte[] file, ImageHeader header)
    {
        using var stored = OpenCv.Decode(TiffFile.WithPlainValues(file), ImreadModes.Unchanged);
        if (stored is null || stored.Rows != header.Height || stored.Cols != header.Width || stored.Channels() != 1)
        {
            return new Fault("label.decode", "the TIFF data are damaged, truncated, turned or of a kind that OpenCV does not decode");
        }

        if (stored.Depth() != MatType.CV_8U && stored.Depth() != MatType.CV_16U)
        {
            return new Fault("label.depth", $"expected unsigned values of 8 or 16 bits, found {stored.Type()}");
        }

        stored.ConvertTo(stored, MatType.CV_16U);
        stored.GetArray(out ushort[] ids);
        return ids;
    }
}
