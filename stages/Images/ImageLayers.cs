using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Images;

/// <summary>What an image holds of each pixel, as stages tell it to those behind them.</summary>
/// <param name="HasTruth">Whether a class for each pixel goes with it.</param>
internal readonly record struct ImageLayers(int Bands, bool HasTruth)
{
    /// <summary>Those that a stage in front has told; red, green and blue where none has.</summary>
    public static ImageLayers Of(Outlook outlook) => outlook.Fact<ImageLayers>() ?? new ImageLayers(3, HasTruth: false);

    /// <summary>Bytes of pixels and classes.</summary>
    public long Bytes(Extent extent) => extent.Cells * (Bands + (HasTruth ? sizeof(ushort) : 0));
}
