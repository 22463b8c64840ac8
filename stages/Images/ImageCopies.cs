using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Images;

/// <summary>What the stages of this folder write for an image.</summary>
internal static class ImageCopies
{
    /// <summary>What the file unpacks to on the way there is native memory, or given back at once.</summary>
    public static ImageCopy Decode(ImageShape file, DecodingOptions options)
    {
        var image = file with { Bands = options.Bands, HasTruth = file.HasTruth && options.Labels.Use };
        return options.Resize is { } resize
            ? Sized(image, Resizing.Target(image.Height, image.Width, resize))
            : Sized(image, (image.Height, image.Width));
    }

    /// <summary>Pixels and classes of another size.</summary>
    public static ImageCopy Sized(ImageShape image, (int Height, int Width) size)
    {
        var gives = image with { Height = size.Height, Width = size.Width };
        return new ImageCopy(gives, gives.Pixels * (gives.Bands + (gives.HasTruth ? sizeof(ushort) : 0)));
    }
}
