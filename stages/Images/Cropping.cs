using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Images;

/// <summary>Cuts a window of one size from every image and its truth.</summary>
public static class Cropping
{
    /// <summary>Cuts one window. An image that is smaller on a side lies in the middle of the window on that side.</summary>
    /// <returns>A fresh image of exactly the window's size; padded truth is <see cref="LabelMap.Ignore"/>.</returns>
    public static RgbImage Crop(RgbImage image, CroppingOptions options, ItemContext item)
    {
        var random = ItemRandom.Of(item);
        var top = Start(image.Height, options.Height, options.Position, random);
        var left = Start(image.Width, options.Width, options.Position, random);
        var inside = new PixelMap(Inside(top, options.Height, image.Height, item), Inside(left, options.Width, image.Width, item));
        if (options.Pad == CropPadding.Zero)
        {
            return image.ReplacedBy(inside.Move(image, item), item);
        }

        var mirrored = new PixelMap(Mirrored(top, options.Height, image.Height, item), Mirrored(left, options.Width, image.Width, item));
        var cut = mirrored.Move(image with { Truth = null }, item) with { Truth = image.Truth is { } truth ? inside.Move(truth, item) : null };
        return image.ReplacedBy(cut, item);
    }

    private static int Start(int length, int window, CropPosition position, Random random) =>
        position == CropPosition.Random && length > window ? random.Next(length - window + 1) : (int)Math.Floor((length - window) / 2.0);

    private static int[] Inside(int start, int window, int length, ItemContext item) =>
        PixelMap.Places(window, i => start + i >= 0 && start + i < length ? start + i : PixelMap.Outside, item);

    private static int[] Mirrored(int start, int window, int length, ItemContext item) =>
        PixelMap.Places(window, i => Mirror(start + i, length), item);

    private static int Mirror(int i, int length)
    {
        var period = Math.Max(1, 2 * (length - 1));
        var phase = ((i % period) + period) % period;
        return Math.Min(phase, period - phase) % length;
    }
}
