using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>Adversarial affine perturbation.</summary>
/// <param name="Weight">Weight of its divergence in the loss; 0 switches it off.</param>
/// <param name="Rotation">Limit in degrees.</param>
/// <param name="Scale">Limit as a share: 0.15 is between 1 / 1.15 and 1.15.</param>
/// <param name="Shear">Limit in degrees.</param>
/// <param name="Shift">Limit as a share of half the image side.</param>
/// <param name="Probe">Length of the random step at which the gradient is taken, in limits.</param>
/// <param name="Length">Length of the step along the gradient, in limits; then each parameter is cut to its own limit.</param>
/// <param name="WorstOf">Where above 0: instead of a gradient, this many random draws, of which the worst for each image is kept.</param>
public sealed record SpatialOptions(
    double Weight = 4,
    double Rotation = 15,
    double Scale = 0.15,
    double Shear = 8,
    double Shift = 0.1,
    double Probe = 0.1,
    double Length = 1.5,
    int WorstOf = 0);

/// <summary>The affine map of the image under which the answers move least with it.</summary>
/// <remarks>
/// One gradient step in limit-scaled parameters, through the warp of the image and the warp of the answers back; or the
/// worst of some draws, as in Engstrom et al., "Exploring the landscape of spatial robustness", ICML 2019.
/// </remarks>
public sealed class SpatialPerturbation
{
    private const int Parameters = 5;
    private readonly Func<Tensor, Tensor> _score;
    private readonly Tensor _images;
    private readonly SuperpixelPooling _pooling;
    private readonly SpatialOptions _options;

    /// <param name="score">Scores images <c>[N, C, H, W]</c> to logits <c>[N, K, H, W]</c>.</param>
    /// <param name="images">What is warped; borrowed for the life of this object.</param>
    /// <param name="pooling">Superpixels of the clean images.</param>
    public SpatialPerturbation(Func<Tensor, Tensor> score, Tensor images, SuperpixelPooling pooling, SpatialOptions options) =>
        (_score, _images, _pooling, _options) = (score, images, pooling, options);

    /// <summary>Answers for the warped images, warped back and pooled on the clean superpixels.</summary>
    /// <param name="steps"><c>[N, 5]</c>, parameters in units of their limits.</param>
    /// <returns>Scores that are differentiable in the network and in <paramref name="steps"/>.</returns>
    public SuperpixelScores Answer(Tensor steps)
    {
        var (height, width) = (_images.shape[2], _images.shape[3]);
        var there = AffineWarp.Matrices(steps, _options, height, width);
        var back = AffineWarp.Grid(AffineWarp.Inverse(there), height, width);
        var warped = AffineWarp.Sample(_images, AffineWarp.Grid(there, height, width), GridSamplePaddingMode.Reflection);
        return _pooling.Score(AffineWarp.Sample(_score(warped), back, GridSamplePaddingMode.Border), AffineWarp.Inside(back));
    }

    /// <summary>Finds the adversarial parameters.</summary>
    /// <param name="clean">What the answers are compared with.</param>
    /// <param name="random">On the device of the images.</param>
    /// <returns><c>[N, 5]</c>, -1 to 1, without gradient.</returns>
    public Tensor Find(SuperpixelScores clean, Generator random)
    {
        using var scope = NewDisposeScope();
        var found = _options.WorstOf > 0 ? WorstDraw(clean, random) : GradientStep(clean, random);
        return found.MoveToOuterDisposeScope();
    }

    private Tensor GradientStep(SuperpixelScores clean, Generator random)
    {
        var start = randn([_images.shape[0], Parameters], dtype: _images.dtype, device: _images.device, generator: random);
        var slope = Gradient(clean, Unit(start) * _options.Probe);

        // Sampling at a place that is not a number ends the process, not the step.
        return (Unit(slope) * _options.Length).clamp(-1, 1).nan_to_num(0);
    }

    /// <summary>Slope of the divergence at <paramref name="steps"/>, <c>[N, 5]</c>.</summary>
    internal Tensor Gradient(SuperpixelScores clean, Tensor steps)
    {
        var probe = steps.detach().requires_grad_(true);
        return autograd.grad([Divergence.Of(clean, Answer(probe))], [probe])[0];
    }

    private Tensor WorstDraw(SuperpixelScores clean, Generator random)
    {
        using var _ = no_grad();
        var imageOf = _pooling.ImageOf(_images.shape[0]);
        var draws = Enumerable.Range(0, _options.WorstOf).Select(_ => Draw(random)).ToArray();
        var worst = stack([.. draws.Select(steps => PerImage(clean, steps, imageOf))]).argmax(0);
        return stack(draws).gather(0, worst.view(1, -1, 1).expand(1, -1, Parameters)).squeeze(0);
    }

    private Tensor PerImage(SuperpixelScores clean, Tensor steps, Tensor imageOf)
    {
        var perturbed = Answer(steps);
        var each = Divergence.Each(clean, perturbed) * perturbed.Weights;
        return zeros(_images.shape[0], dtype: each.dtype, device: each.device).scatter_add(0, imageOf, each);
    }

    private Tensor Draw(Generator random) =>
        (rand([_images.shape[0], Parameters], dtype: _images.dtype, device: _images.device, generator: random) * 2) - 1;

    private static Tensor Unit(Tensor steps)
    {
        var scaled = steps / (steps.abs().amax([1], keepdim: true) + 1e-30);
        return scaled / (scaled.norm(1, keepdim: true, p: 2) + 1e-12);
    }
}
