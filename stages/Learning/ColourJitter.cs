using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>Random change of light, one draw an image.</summary>
public static class ColourJitter
{
    private static readonly double[] Grey = [0.299, 0.587, 0.114];

    /// <summary>Changes brightness, each band, and saturation.</summary>
    /// <param name="images"><c>[N, C, H, W]</c>, 0 to 1; borrowed.</param>
    /// <param name="strength">
    /// j, 0 to 1: brightness times 1 +- 0.8 j and plus +- 0.4 j, mixed with grey by up to j.
    /// </param>
    /// <param name="tint">t, 0 to 1: each band by itself times 1 +- 0.4 t.</param>
    /// <param name="random">On the device of the images.</param>
    /// <returns><c>[N, C, H, W]</c>, cut to 0 to 1. A fourth band is not mixed with grey.</returns>
    public static Tensor Apply(Tensor images, double strength, double tint, Generator random)
    {
        if (strength == 0 && tint == 0)
        {
            return images.alias();
        }

        using var scope = NewDisposeScope();
        var gain = 1 + (Signed(images, 1, random) * (0.8 * strength));
        var offset = Signed(images, 1, random) * (0.4 * strength);
        var bands = 1 + (Signed(images, images.shape[1], random) * (0.4 * tint));
        var mix = (Signed(images, 1, random) + 1) * (0.5 * strength);
        var lit = ((images * gain) + offset) * bands;
        return Mixed(lit, mix).clamp(0, 1).MoveToOuterDisposeScope();
    }

    private static Tensor Mixed(Tensor images, Tensor mix)
    {
        var colour = images.narrow(1, 0, Grey.Length);
        var weights = tensor(Grey, dtype: images.dtype, device: images.device).view(1, -1, 1, 1);
        var grey = (colour * weights).sum(1, keepdim: true);
        var mixed = (colour * (1 - mix)) + (grey * mix);
        return images.shape[1] == Grey.Length ? mixed : cat([mixed, images.narrow(1, Grey.Length, images.shape[1] - Grey.Length)], 1);
    }

    private static Tensor Signed(Tensor images, long channels, Generator random) =>
        (rand([images.shape[0], channels, 1, 1], dtype: images.dtype, device: images.device, generator: random) * 2) - 1;
}
