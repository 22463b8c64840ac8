using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>How the length of noise is measured.</summary>
public enum NoiseNorm
{
    /// <summary>Euclidean: strong where it hurts most.</summary>
    L2,

    /// <summary>Largest value: the same size everywhere, only its sign is adversarial.</summary>
    LInfinity,
}

/// <summary>Adversarial noise on pixels.</summary>
/// <param name="Weight">Weight of its divergence in the loss; 0 switches it off.</param>
/// <param name="Radius">Root mean square of the noise, where pixels are 0 to 1; independent of image size.</param>
/// <param name="Probe">Root mean square of the step at which the divergence is probed.</param>
/// <param name="PowerIterations">Gradients taken to find the direction.</param>
public sealed record PhotometricOptions(
    double Weight = 4, double Radius = 0.016, double Probe = 0.01, int PowerIterations = 1, NoiseNorm Norm = NoiseNorm.L2);

/// <summary>The small change of pixels that moves the answers most.</summary>
/// <remarks>
/// Miyato et al., "Virtual adversarial training", TPAMI 41(8), 2019, algorithm 1, with the divergence taken on the
/// superpixels of the clean image, and lengths as root mean squares so that they do not depend on image size.
/// </remarks>
public static class PhotometricNoise
{
    /// <summary>Finds the noise by power iteration from a random direction.</summary>
    /// <param name="answer">Scores images <c>[N, C, H, W]</c>; its parameters get no gradient.</param>
    /// <param name="clean">What the answers are compared with.</param>
    /// <param name="images">Where the noise will be added; borrowed.</param>
    /// <param name="random">On the device of the images.</param>
    /// <returns>Noise <c>[N, C, H, W]</c> of root mean square <see cref="PhotometricOptions.Radius"/> for each image, without gradient.</returns>
    public static Tensor Find(
        Func<Tensor, SuperpixelScores> answer, SuperpixelScores clean, Tensor images, PhotometricOptions options, Generator random)
    {
        using var scope = NewDisposeScope();
        var slope = Direction(images, random);
        for (var i = 0; i < options.PowerIterations; i++)
        {
            slope = Gradient(answer, clean, images, Unit(slope) * options.Probe);
        }

        return Along(slope, options).MoveToOuterDisposeScope();
    }

    /// <summary>Slope of the divergence at <paramref name="offset"/>, <c>[N, C, H, W]</c>.</summary>
    internal static Tensor Gradient(Func<Tensor, SuperpixelScores> answer, SuperpixelScores clean, Tensor images, Tensor offset)
    {
        using var scope = NewDisposeScope();
        var probe = offset.detach().requires_grad_(true);
        return autograd.grad([Divergence.Of(clean, answer(images + probe))], [probe])[0].MoveToOuterDisposeScope();
    }

    /// <summary>A random direction of any length, <c>[N, C, H, W]</c>.</summary>
    internal static Tensor Direction(Tensor images, Generator random) =>
        randn(images.shape, dtype: images.dtype, device: images.device, generator: random);

    /// <summary>Noise of the radius that was asked for.</summary>
    /// <param name="slope"><c>[N, C, H, W]</c>, of any length.</param>
    internal static Tensor Along(Tensor slope, PhotometricOptions options) =>
        (options.Norm == NoiseNorm.L2 ? Unit(slope) : slope.sign()) * options.Radius;

    /// <summary>The same direction with root mean square 1 for each image.</summary>
    internal static Tensor Unit(Tensor direction)
    {
        // Gradients of a confident network are tiny; scaling first keeps their squares above the smallest float.
        var scaled = direction / (direction.abs().amax([1, 2, 3], keepdim: true) + 1e-30);
        return scaled / (scaled.square().mean([1, 2, 3], keepdim: true).sqrt() + 1e-12);
    }
}
