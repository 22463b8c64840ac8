using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images.Formats;
using OpenCvSharp;

namespace InMARS.Stages.Images;

/// <summary>From encoded label maps to classes: the numbers that the file stores, never the colours that a palette shows for them.</summary>
internal sealed class LabelDecoding(LabelOptions options, long maxPixels)
{
    private static readonly Result<LabelMap?> None = new Result<LabelMap?>.Ok(null);

    private readonly ClassTable _classes = new(options);

    /// <summary>Decodes the label map of an image of this size.</summary>
    /// <returns>Classes of the image's size, null where there is no label map to use, or a fault of <c>label</c>.</returns>
    public Result<LabelMap?> Decode(ReadOnlyMemory<byte>? file, (int Height, int Width) image, ItemContext item)
    {
        if (!options.Use || file is not { } map)
        {
            return options is { Use: true, Required: true } ? new Fault("label.missing", "the sample has no label map") : None;
        }

        if (!Admission.Check(map.Span, "label", maxPixels).TryGet(out var header, out var fault))
        {
            return fault;
        }

        return SizeFault(header, image) is { } size ? size
            : Ids(map, header, item).TryGet(out var stored, out fault) && _classes.Apply(stored).TryGet(out var ids, out fault) ? new LabelMap(image.Height, image.Width, ids)
            : fault;
    }

    /// <summary>Reads the ids of a label map as they are stored, where there is no image to go with it.</summary>
    public static Result<LabelMap> Stored(ReadOnlyMemory<byte> file, long maxPixels) =>
        from header in Admission.Check(file.Span, "label", maxPixels)
        from ids in Ids(file, header, default)
        select new LabelMap(header.Height, header.Width, ids);

    private static Fault? SizeFault(ImageHeader header, (int Height, int Width) image) => header.Width == image.Width && header.Height == image.Height
        ? null
        : new Fault("label.size", $"expected {image.Width} x {image.Height} pixels as in the image, found {header.Width} x {header.Height}");

    private static Result<ushort[]> Ids(ReadOnlyMemory<byte> file, ImageHeader header, ItemContext item) => header switch
    {
        { Format: not (ImageFormat.Png or ImageFormat.Tiff) } => new Fault(
            "label.format", $"expected PNG or TIFF, which keep ids exactly, found {Admission.Word(header.Format)}"),
        { Bands: not 1 } => new Fault("label.bands", $"expected one band of ids, found {header.Bands} bands"),
        { Format: ImageFormat.Png } => PngValues.Read(file.Span, header, item),
        { BitDepth: not (8 or 16) } => new Fault("label.depth", $"expected values of 8 or 16 bits, found {header.BitDepth}"),
        _ => TiffValues(file.Span, header, item),
    };

    private static Result<ushort[]> TiffValues(ReadOnlySpan<byte> file, ImageHeader header, ItemContext item)
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

        var ids = item.Rent<ushort>(stored.Rows * stored.Cols);
        using var view = Mat.FromPixelData(stored.Rows, stored.Cols, MatType.CV_16UC1, ids);
        stored.ConvertTo(view, MatType.CV_16U);
        return ids;
    }
}
