using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;

namespace InMARS.Stages.Superpixels;

/// <summary>The stages that cut images into superpixels.</summary>
public static class SuperpixelsEntries
{
    public static IEnumerable<StageEntry> All =>
    [
        StageEntry.Stage<RgbImage, SuperpixelMap>(
            "superpixel.slic",
            "Cuts images into superpixels by SLIC or SLICO on CIELAB; what was cut before comes from the run's cache.",
            "Emits one map for each image; holds nothing back; fails with superpixel.too_small. Behind a random crop, flip or jitter the cache never hits: set cache: false there.",
            (f, step) =>
            {
                var options = SlicOptions.Read(f);
                var cached = f.Get("cache", Decode.YesNo, true, "Keep superpixels in run.cache for later epochs and runs.");
                var limit = f.Get("cache_mb", Decode.WholeNumber.Between(1, 1_000_000), 4096, "Size of that cache, in MiB; the longest unused are removed beyond it.");
                return Stage.Map<SlicCutter, RgbImage, SuperpixelMap>(
                    "superpixel.slic", step.Flow, context => Open(options, cached ? limit : 0, context), (cutter, image, item) => cutter.Cut(image, item)) with
                {
                    Borrows = true,
                    Foresee = outlook => (cached ? Foresee(outlook, options, limit) : outlook).Fills(extent => extent.Cells * sizeof(int)),
                };
            }),
    ];

    /// <summary>Opens the cache below <c>run.cache</c>, if there is to be one.</summary>
    internal static SlicCutter Open(SlicOptions options, int cacheMb, IStageContext context) => new(
        options,
        cacheMb > 0 ? new SuperpixelCache(FolderOf(context.Run), (long)cacheMb << 20, context.Time) : null,
        context);

    private static string FolderOf(RunSettings run) => Path.Combine(run.Cache, "superpixels");

    /// <summary>An entry for every form of every image. Flows that cut the same images share them.</summary>
    private static Outlook Foresee(Outlook outlook, SlicOptions options, int cacheMb)
    {
        var entries = outlook.Items * Math.Min(outlook.Epochs, outlook.Forms);
        var bytes = outlook.Extents.Length == 0 ? null : entries * outlook.Extents.Average(extent => EntryBytes(extent, options));
        return outlook.Writes(new PlannedFiles("superpixels in the cache", FolderOf(outlook.Run), bytes is { } all ? (long)Math.Min(all, (long)cacheMb << 20) : null) { Shared = true });
    }

    /// <remarks>Measured on CamVid: 0.26 to 0.33 bytes a pixel with superpixels of edge 8, 0.16 with 16, 0.10 with 32.</remarks>
    private static double EntryBytes(Extent extent, SlicOptions options) =>
        PlannedFiles.OnDisk((0.04 + (2.0 / options.RegionSizeFor((int)extent.Height, (int)extent.Width))) * extent.Cells);
}
