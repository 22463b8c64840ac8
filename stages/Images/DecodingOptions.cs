using InMARS.Pipeline.Configuration;

namespace InMARS.Stages.Images;

/// <summary>What becomes of an encoded sample.</summary>
/// <param name="Bands">3 for red, green, blue whatever the file holds; 4 to keep the fourth band.</param>
/// <param name="MaxPixels">Largest declared size that is decoded at all, in pixels.</param>
/// <param name="Labels">What becomes of its label map.</param>
public sealed record DecodingOptions(int Bands, long MaxPixels, LabelOptions Labels)
{
    public static DecodingOptions Default { get; } = new(3, 100_000_000, LabelOptions.Default);

    public static DecodingOptions Read(Fields f) => new(
        f.Get("bands", Decode.WholeNumber.Between(3, 4), Default.Bands, "3 gives red, green, blue and drops alpha; 4 keeps the fourth band, such as near infrared."),
        f.Get("max_pixels", Decode.LongNumber.Between(1, 500_000_000), Default.MaxPixels, "Images and label maps whose header declares more pixels are refused before they are decoded."),
        f.Group("labels", LabelOptions.Read, "What becomes of the label map of a sample."));
}
