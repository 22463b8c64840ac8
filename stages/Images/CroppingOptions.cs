using InMARS.Pipeline.Configuration;

namespace InMARS.Stages.Images;

/// <summary>Where the window of a crop lies.</summary>
public enum CropPosition
{
    /// <summary>Anywhere in the image, by the item's seed.</summary>
    Random,
    Centre,
}

/// <summary>What stands in a crop where the image does not reach.</summary>
public enum CropPadding
{
    /// <summary>The image mirrored at its edge, without repeating the edge itself.</summary>
    Reflect,

    /// <summary>Black.</summary>
    Zero,
}

/// <summary>The window to cut from every image.</summary>
/// <param name="Width">In pixels, at least 1.</param>
/// <param name="Height">In pixels, at least 1.</param>
public sealed record CroppingOptions(int Width, int Height, CropPosition Position, CropPadding Pad)
{
    private const int LargestSide = 32768;
    private const long MostPixels = 500_000_000;

    public static CroppingOptions Read(Fields f)
    {
        var options = new CroppingOptions(
            f.Require("width", Decode.WholeNumber.Between(1, LargestSide), "Width of the window, in pixels."),
            f.Require("height", Decode.WholeNumber.Between(1, LargestSide), "Height of the window, in pixels."),
            f.Get("position", Decode.OneOf(("random", CropPosition.Random), ("centre", CropPosition.Centre)), CropPosition.Random, "Where the window lies."),
            f.Get("pad", Decode.OneOf(("reflect", CropPadding.Reflect), ("zero", CropPadding.Zero)), CropPadding.Reflect, "What surrounds an image that is smaller than the window; the truth is ignored there."));
        if ((long)options.Width * options.Height > MostPixels)
        {
            f.Refuse("width", $"expected at most {MostPixels} pixels, found {options.Width} x {options.Height}");
        }

        return options;
    }
}
