using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Images;

/// <summary>Mirrors images and their truth at random.</summary>
public static class Flipping
{
    /// <summary>Mirrors one image, or not, as its seed says.</summary>
    /// <returns>A fresh image.</returns>
    public static RgbImage Flip(RgbImage image, FlippingOptions options, ItemContext item)
    {
        var random = ItemRandom.Of(item);
        var horizontal = random.NextDouble() < options.Probability;
        var vertical = random.NextDouble() < options.Probability;
        var map = new PixelMap(
            Order(image.Height, vertical && options.Vertical, item),
            Order(image.Width, horizontal && options.Horizontal, item));
        return image.ReplacedBy(map.Move(image, item), item);
    }

    private static int[] Order(int length, bool backwards, ItemContext item) =>
        PixelMap.Places(length, i => backwards ? length - 1 - i : i, item);
}
