using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;
using InMARS.Stages.Shards;

namespace InMARS.Stages.Protocols;

/// <summary>Files of a download; one that is not what it should be stops the preparation and is named.</summary>
internal static class DownloadFiles
{
    public static byte[] Bytes(string file) => FileSamples.Bytes(file, Array.MaxLength).OrRefuse(file);

    /// <summary>Decodes an image.</summary>
    /// <param name="bands">3, or 4 where the file must have a fourth one.</param>
    public static RgbImage Image(string file, int bands) =>
        new Decoding(DecodingOptions.Default with { Bands = bands, Labels = LabelOptions.Default with { Use = false } })
            .Decode(new Sample(new Origin(file, ""), Path.GetFileName(file), Bytes(file)))
            .OrRefuse(file);

    /// <summary>Decodes a map of ids as they are stored.</summary>
    public static LabelMap Map(string file) => LabelDecoding.Stored(Bytes(file), DecodingOptions.Default.MaxPixels).OrRefuse(file);

    public static T OrRefuse<T>(this Result<T> result, string file) => result.Match(value => value, fault => throw Refusal(file, fault.Message));

    public static RunException Refusal(string file, string why) => new($"cannot prepare '{file}': {why}");

    public static void SameSize(string file, (int Height, int Width) found, (int Height, int Width) expected)
    {
        if (found != expected)
        {
            throw Refusal(file, $"expected {expected.Width} x {expected.Height} pixels, found {found.Width} x {found.Height}");
        }
    }
}
