using InMARS.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Rivals;

/// <summary>Images seen again: in other light, and some of them mirrored left to right.</summary>
/// <param name="Images"><c>[N, C, H, W]</c>, 0 to 1.</param>
/// <param name="Mirrored"><c>[N, 1, 1, 1]</c>, bool.</param>
internal sealed record SecondView(Tensor Images, Tensor Mirrored)
{
    /// <param name="images"><c>[N, C, H, W]</c>, 0 to 1; borrowed.</param>
    /// <param name="random">On the device of the images.</param>
    public static SecondView Of(Tensor images, ViewOptions options, Generator random)
    {
        var lit = ColourJitter.Apply(images, options.Jitter, options.Tint, random);
        var mirrored = rand([images.shape[0], 1, 1, 1], device: images.device, generator: random) < options.Flip;
        return new SecondView(Turn(lit, mirrored), mirrored);
    }

    /// <summary>Puts what was computed from <see cref="Images"/> back where its pixels came from; exact, and differentiable.</summary>
    /// <param name="values"><c>[N, K, H, W]</c>.</param>
    public Tensor Back(Tensor values) => Turn(values, Mirrored);

    private static Tensor Turn(Tensor values, Tensor mirrored) => where(mirrored, values.flip(3), values);
}
