using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Shards;

namespace InMARS.Stages.Images;

/// <summary>The stages that make and change images.</summary>
public static class ImagesEntries
{
    /// <summary>Forms of an image that chance makes, where one hardly comes twice.</summary>
    private const long AnyNumber = 1L << 32;

    public static IEnumerable<StageEntry> All =>
    [
        StageEntry.Stage<Sample, RgbImage>(
            "image.decode",
            "Decodes JPEG, PNG, WebP, TIFF and BMP, turned upright, and the label map beside it (PNG or TIFF).",
            "Emits one image for each sample; holds nothing back; fails with image.empty, .format, .too_large, .decode, .bands, .depth and label.missing, .empty, .format, .too_large, .decode, .bands, .depth, .size, .unknown_id.",
            (f, step) =>
            {
                var options = DecodingOptions.Read(f);
                return Stage.Map<Decoding, Sample, RgbImage>(
                    "image.decode", step.Flow, _ => new Decoding(options), (decoding, sample, item) => decoding.Decode(sample, item)) with
                {
                    Borrows = true,
                    Foresee = outlook => Foresee(outlook, options),
                };
            }),
        StageEntry.Stage<RgbImage, RgbImage>(
            "image.resize",
            "Changes the size; labels follow by nearest neighbour.",
            "Emits one image for each image; holds nothing back; fails with image.too_large.",
            (f, step) =>
            {
                var options = ResizingOptions.Read(f);
                return Stage.Map<RgbImage, RgbImage>("image.resize", step.Flow, (image, item) => Resizing.Resize(image, options, item)) with
                {
                    Borrows = true,
                    Foresee = outlook => Foresee(outlook, options),
                };
            }),
        Change("image.crop", "Cuts a window of one size, at random or in the centre, and pads images that are smaller.", CroppingOptions.Read, Cropping.Crop, Foresee),
        Change("image.flip", "Mirrors images and labels at random.", FlippingOptions.Read, Flipping.Flip, Foresee),
        Change("image.jitter", "Moves brightness, contrast, saturation and hue at random; a fourth band stays.", JitteringOptions.Read, Jittering.Jitter, Foresee),
    ];

    private static StageEntry Change<TOptions>(
        string name,
        string summary,
        Func<Fields, TOptions> read,
        Func<RgbImage, TOptions, ItemContext, RgbImage> change,
        Func<Outlook, TOptions, Outlook> foresee) => StageEntry.Stage<RgbImage, RgbImage>(
            name,
            summary,
            "Emits one image for each image; holds nothing back; never fails.",
            (f, step) =>
            {
                var options = read(f);
                return Stage.Map<RgbImage, RgbImage>(name, step.Flow, (image, item) => Result.Ok(change(image, options, item))) with
                {
                    Borrows = true,
                    Foresee = outlook => foresee(outlook, options),
                };
            });

    private static Outlook Foresee(Outlook outlook, DecodingOptions options)
    {
        var decoded = outlook.With(new ImageLayers(options.Bands, options.Labels.Use));
        return options.Resize is { } resize ? Foresee(decoded, resize) : Filled(decoded);
    }

    private static Outlook Foresee(Outlook outlook, ResizingOptions options) => Filled(options is { Height: > 0, Width: > 0 }
        ? outlook.Sized(new Extent(options.Height, options.Width))
        : outlook.Resized(extent =>
        {
            var (height, width) = Resizing.Target(extent.Height, extent.Width, options);
            return new Extent(height, width);
        }));

    private static Outlook Foresee(Outlook outlook, CroppingOptions options) => Filled(outlook
        .Sized(new Extent(options.Height, options.Width))
        .Varied(options.Position == CropPosition.Random ? AnyNumber : 1));

    private static Outlook Foresee(Outlook outlook, FlippingOptions options) =>
        Filled(outlook.Varied((options.Horizontal ? 2 : 1) * (options.Vertical ? 2 : 1)));

    private static Outlook Foresee(Outlook outlook, JitteringOptions options)
    {
        var layers = ImageLayers.Of(outlook) with { HasTruth = false };
        return outlook.Varied(AnyNumber).Fills(layers.Bytes);
    }

    private static Outlook Filled(Outlook outlook) => outlook.Fills(ImageLayers.Of(outlook).Bytes);
}
