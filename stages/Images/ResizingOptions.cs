using InMARS.Pipeline.Configuration;

namespace InMARS.Stages.Images;

/// <summary>How pixels are weighed when an image changes its size.</summary>
public enum Interpolation
{
    /// <summary>Mean of the pixels covered; linear where the image grows.</summary>
    Area,
    Linear,
    Cubic,
}

/// <summary>The size to make of every image.</summary>
/// <param name="Width">In pixels; 0 to follow the height at the same aspect.</param>
/// <param name="Height">In pixels; 0 to follow the width.</param>
/// <param name="Scale">Factor for both sides instead; null when a side is given.</param>
public sealed record ResizingOptions(int Width, int Height, double? Scale, Interpolation Interpolation = Interpolation.Area)
{
    private const int LargestSide = 32768;

    public static ResizingOptions Read(Fields f)
    {
        if (ReadIfAny(f) is { } options)
        {
            return options;
        }

        f.Refuse("width", "expected width, height or scale, found none of them");
        return new ResizingOptions(0, 0, null);
    }

    /// <summary>The same keys where none needs to be there; null when none is.</summary>
    public static ResizingOptions? ReadIfAny(Fields f)
    {
        var side = Decode.WholeNumber.Between(0, LargestSide);
        var options = new ResizingOptions(
            f.Get("width", side, 0, "New width in pixels; 0 keeps the aspect."),
            f.Get("height", side, 0, "New height in pixels; 0 keeps the aspect."),
            f.Get("scale", Decode.Number.Between(0.01, 16).Or("none"), null, "Factor for both sides, instead of width and height."),
            f.Get("interpolation", Decode.OneOf(("area", Interpolation.Area), ("linear", Interpolation.Linear), ("cubic", Interpolation.Cubic)), Interpolation.Area, "How pixels are weighed; area is linear where the image grows."));
        if (options.Scale is not null && (options.Width > 0 || options.Height > 0))
        {
            f.Refuse("scale", "expected either scale or width and height, found both");
        }

        return IsOff(f, "width", "0") && IsOff(f, "height", "0") && IsOff(f, "scale", "none") ? null : options;
    }

    private static bool IsOff(Fields f, string key, string word) => f.Node[key].Scalar is not { } given || given == word;
}
