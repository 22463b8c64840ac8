using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Reports;

/// <summary>
/// Room that the files of this folder take on a disk, for the estimate before a run begins. The factors were measured on CamVid, at
/// 128 x 96 and 480 x 360 pixels with superpixels of edge 8 to 32, and on synthetic scenes; what they stand for is said at each.
/// </summary>
internal static class MeasuredRoom
{
    /// <summary>0.05 to 0.13 bytes a pixel: more with small images, small superpixels and many clusters.</summary>
    private const double LabelMap = 0.08;

    /// <summary>0.17 to 0.42 bytes a pixel, with superpixels of edge 32 to 8.</summary>
    private const double SuperpixelMap = 0.35;

    /// <summary>1.1 to 1.6 bytes a pixel of the picture.</summary>
    private const double Picture = 1.45;

    /// <summary>5 bytes a pixel, three bands and the cluster, or 7 with the truth.</summary>
    private const double KeptPrediction = 6;

    /// <summary>A line of training.jsonl: 390 bytes.</summary>
    public const long TrainingLine = 400;

    /// <summary>The name of a file in a checkpoint, so that none comes twice.</summary>
    public const long KeptName = 32;

    private const int Panels = 3;
    private const int WishedWidth = 384;
    private const double TarBlock = 512;
    private const int PngFrame = 100;
    private const int Palette = 3 * 16;

    public static double OfLabelMap(Extent extent, LabelPlace into)
    {
        var bytes = (LabelMap * extent.Cells) + PngFrame + Palette;
        return into == LabelPlace.Folder ? PlannedFiles.OnDisk(bytes) : TarBlock * (1 + Math.Ceiling(bytes / TarBlock));
    }

    public static double OfSuperpixelMap(Extent extent) => PlannedFiles.OnDisk((SuperpixelMap * extent.Cells) + PngFrame);

    /// <summary>An image, its clusters and its truth side by side, enlarged where they are small.</summary>
    public static double OfOverlay(Extent extent) => PlannedFiles.OnDisk(OfPictures(extent, Panels));

    /// <summary>A prediction with its image in a checkpoint, until it is drawn.</summary>
    public static double OfKeptPrediction(Extent extent) => KeptPrediction * extent.Cells;

    /// <summary>Rows of pictures of one image each.</summary>
    public static double OfGallery(Extent extent, int images) => PlannedFiles.OnDisk(images * OfPictures(extent, GalleryColumns));

    /// <summary>Image, noise, motion, and clusters of each. Half of them are of few colours.</summary>
    private const double GalleryColumns = 3.5;

    private static double OfPictures(Extent extent, double columns)
    {
        var scale = Math.Max(1, WishedWidth / extent.Width);
        return Picture * columns * extent.Cells * scale * scale;
    }
}
