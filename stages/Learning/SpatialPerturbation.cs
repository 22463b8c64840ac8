using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>The motion of the image under which the answers move least with it: an affine map or a flow field.</summary>
/// <remarks>
/// One gradient step in limit-scaled parameters, through the warp of the image and the warp of the answers back; or the
/// worst of some draws, as in Engstrom et al., "Exploring the landscape of spatial robustness", ICML 2019.
/// </remarks>
public sealed class SpatialPerturbation
{
    private readonly Func<Tensor, Tensor> _score;
    private readonly Tensor _images;
    private readonly SuperpixelPooling _pooling;
    private readonly SpatialOptions _options;
    private readonly IWarp _warp;

    /// <param name="score">Scores images <c>[N, C, H, W]</c> to logits <c>[N, K, H, W]</c>, or to fewer as <see cref="Places"/> has them.</param>
    /// <param name="images">What is warped; borrowed for the life of this object.</param>
    /// <param name="pooling">Superpixels of the clean images.</param>
    public SpatialPerturbation(Func<Tensor, Tensor> score, Tensor images, SuperpixelPooling pooling, SpatialOptions options)
    {
        (_score, _images, _pooling, _options) = (score, images, pooling, options);
        _warp = Warp.Of(options, images);
    }

    /// <summary>Where scores are read; of the same pixels as the superpixels of the pooling.</summary>
    internal AnswerPlaces Places { get; init; } = new();

    /// <summary>Answers for the warped images, warped back and pooled on the clean superpixels.</summary>
    /// <param name="steps"><c>[N, P]</c>, parameters in units of their limits.</param>
    /// <returns>Scores that are differentiable in the network and in <paramref name="steps"/>.</returns>
    public SuperpixelScores Answer(Tensor steps) => Answer(_images, steps);

    /// <summary>The same for other images of the same size.</summary>
    public SuperpixelScores Answer(Tensor images, Tensor steps)
    {
        var (there, back) = _warp.Grids(steps);
        var warped = Warp.Sample(images, there, GridSamplePaddingMode.Reflection);
        var (answers, inside) = Places.ReadBack(_score(warped), back);
        return _pooling.Score(answers, inside);
    }

    /// <summary>Finds the adversarial parameters.</summary>
    /// <param name="clean">What the answers are compared with.</param>
    /// <param name="random">On the device of the images.</param>
    /// <returns><c>[N, P]</c>, within their limits, without gradient.</returns>
    public Tensor Find(SuperpixelScores clean, Generator random)
    {
        using var scope = NewDisposeScope();
        var found = _options.WorstOf > 0 ? WorstDraw(clean, random) : Step(Gradient(clean, Probe(Direction(random))));
        return found.MoveToOuterDisposeScope();
    }

    /// <summary>A random direction of any length, <c>[N, P]</c>.</summary>
    internal Tensor Direction(Generator random) =>
        randn([_images.shape[0], _warp.Parameters], dtype: _images.dtype, device: _images.device, generator: random);

    /// <summary>The place to take a gradient at in this direction, <c>[N, P]</c>.</summary>
    internal Tensor Probe(Tensor direction) => _warp.Unit(direction) * _options.Probe;

    /// <summary>The adversarial step along a slope, <c>[N, P]</c>.</summary>
    // Sampling at a place that is not a number ends the process, not the step.
    internal Tensor Step(Tensor slope) => _warp.Limit(_warp.Unit(slope) * _options.Length).nan_to_num(0);

    /// <summary>Slope of the divergence at <paramref name="steps"/>, <c>[N, P]</c>.</summary>
    internal Tensor Gradient(SuperpixelScores clean, Tensor steps)
    {
        using var scope = NewDisposeScope();
        var probe = steps.detach().requires_grad_(true);
        return autograd.grad([Divergence.Of(clean, Answer(probe))], [probe])[0].MoveToOuterDisposeScope();
    }

    private Tensor WorstDraw(SuperpixelScores clean, Generator random)
    {
        using var _ = no_grad();
        var imageOf = _pooling.ImageOf(_images.shape[0]);
        var draws = Enumerable.Range(0, _options.WorstOf).Select(_ => Draw(random)).ToArray();
        var worst = stack([.. draws.Select(steps => PerImage(clean, steps, imageOf))]).argmax(0);
        return stack(draws).gather(0, worst.view(1, -1, 1).expand(1, -1, _warp.Parameters)).squeeze(0);
    }

    private Tensor PerImage(SuperpixelScores clean, Tensor steps, Tensor imageOf)
    {
        using var scope = NewDisposeScope();
        var perturbed = Answer(steps);
        var each = Divergence.Each(clean, perturbed) * perturbed.Weights;
        return zeros(_images.shape[0], dtype: each.dtype, device: each.device).scatter_add(0, imageOf, each).MoveToOuterDisposeScope();
    }

    /// <summary>Steps drawn evenly from within the limits, <c>[N, P]</c>.</summary>
    internal Tensor Draw(Generator random) => _warp.Limit(
        (rand([_images.shape[0], _warp.Parameters], dtype: _images.dtype, device: _images.device, generator: random) * 2) - 1);
}
