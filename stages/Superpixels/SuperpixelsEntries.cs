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
                    Copies = image => new ImageCopy(image, image.Pixels * sizeof(int)),
                };
            }),
    ];

    /// <summary>Opens the cache below <c>run.cache</c>, if there is to be one.</summary>
    internal static SlicCutter Open(SlicOptions options, int cacheMb, IStageContext context) => new(
        options,
        cacheMb > 0 ? new SuperpixelCache(Path.Combine(context.Run.Cache, "superpixels"), (long)cacheMb << 20, context.Time) : null,
        context);
}
