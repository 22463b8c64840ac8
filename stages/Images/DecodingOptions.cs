using InMARS.Pipeline.Configuration;

namespace InMARS.Stages.Images;

/// <summary>What becomes of an encoded sample.</summary>
/// <param name="Bands">3 for red, green, blue whatever the file holds; 4 to keep the fourth band.</param>
/// <param name="MaxPixels">Largest declared size that is decoded at all, in pixels.</param>
/// <param name="Labels">What becomes of its label map.</param>
public sealed record DecodingOptions(int Bands, long MaxPixels, LabelOptions Labels)
{
    /// <summary>The size to give images right after decoding, as <c>image.resize</c> does; null to leave them as they are.</summary>
    public ResizingOptions? Resize { get; init; }

    /// <summary>Whether a JPEG may be decoded at 1/2, 1/4 or 1/8 of its size where it still is as large as <see cref="Resize"/> makes it.</summary>
    public bool Reduced { get; init; }

    public static DecodingOptions Default { get; } = new(3, 100_000_000, LabelOptions.Default);

    public static DecodingOptions Read(Fields f)
    {
        var options = new DecodingOptions(
            f.Get("bands", Decode.WholeNumber.Between(3, 4), Default.Bands, "3 gives red, green, blue and drops alpha; 4 keeps the fourth band, such as near infrared."),
            f.Get("max_pixels", Decode.LongNumber.Between(1, 500_000_000), Default.MaxPixels, "Images and label maps whose header declares more pixels are refused before they are decoded."),
            f.Group("labels", LabelOptions.Read, "What becomes of the label map of a sample."))
        {
            Resize = f.Group("resize", ResizingOptions.ReadIfAny, "Changes the size as image.resize does, to the same bits, and copies less."),
            Reduced = f.Get("reduced", Decode.OneOf(("never", false), ("auto", true)), false, "auto decodes a JPEG at 1/2, 1/4 or 1/8 of its size where resize makes it smaller still: faster, the same sizes, slightly other pixels. For resize with area interpolation."),
        };
        if (options.Reduced && options.Resize is not { Interpolation: Interpolation.Area })
        {
            f.Refuse("reduced", "expected never, or resize with area interpolation; found auto without it");
        }

        return options;
    }
}
