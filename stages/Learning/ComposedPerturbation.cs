using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>Noise on the image and a motion of the noisy image, found together: one divergence for both.</summary>
/// <remarks>
/// Each gradient is taken in noise and motion at once, at a probe of both: the pass that one of them needs finds both, and
/// each is found in the presence of the other. As many gradients are taken as the noise has power iterations. Where the
/// motion is the worst of some draws there is no gradient in it: the noise is found in place, and the draws move the
/// noisy image.
/// </remarks>
internal sealed class ComposedPerturbation
{
    private readonly Func<Tensor, Tensor> _score;
    private readonly Tensor _images;
    private readonly SuperpixelPooling _pooling;
    private readonly PhotometricOptions _noise;
    private readonly SpatialOptions _space;
    private readonly SpatialPerturbation _motion;

    /// <param name="score">Scores images <c>[N, C, H, W]</c> to logits <c>[N, K, H, W]</c>, or to fewer as <see cref="Places"/> has them.</param>
    /// <param name="images">What is perturbed; borrowed for the life of this object.</param>
    /// <param name="pooling">Superpixels of the clean images.</param>
    public ComposedPerturbation(
        Func<Tensor, Tensor> score, Tensor images, SuperpixelPooling pooling, PhotometricOptions noise, SpatialOptions space)
    {
        (_score, _images, _pooling, _noise, _space) = (score, images, pooling, noise, space);
        _motion = Motion(images, new AnswerPlaces());
    }

    /// <summary>Where scores are read; of the same pixels as the superpixels of the pooling.</summary>
    internal AnswerPlaces Places
    {
        get => _motion.Places;
        init => _motion = Motion(_images, value);
    }

    /// <summary>Answers for the images with noise, moved, and moved back.</summary>
    /// <param name="noise"><c>[N, C, H, W]</c>.</param>
    /// <param name="steps"><c>[N, P]</c>, parameters of the motion in units of their limits.</param>
    public SuperpixelScores Answer(Tensor noise, Tensor steps) => _motion.Answer(_images + noise, steps);

    /// <summary>Finds noise and motion.</summary>
    /// <param name="clean">What the answers are compared with.</param>
    /// <param name="random">On the device of the images.</param>
    /// <returns>Noise <c>[N, C, H, W]</c> and steps <c>[N, P]</c>, both within their limits and without gradient.</returns>
    public (Tensor Noise, Tensor Steps) Find(SuperpixelScores clean, Generator random)
    {
        using var scope = NewDisposeScope();
        var (noise, steps) = _space.WorstOf > 0 ? OneByOne(clean, random) : Together(clean, random);
        return (noise.MoveToOuterDisposeScope(), steps.MoveToOuterDisposeScope());
    }

    /// <summary>Slopes of the divergence at a noise and a step.</summary>
    internal (Tensor Noise, Tensor Steps) Gradient(SuperpixelScores clean, Tensor noise, Tensor steps)
    {
        using var scope = NewDisposeScope();
        var (r, s) = (noise.detach().requires_grad_(true), steps.detach().requires_grad_(true));
        var slopes = autograd.grad([Divergence.Of(clean, Answer(r, s))], [r, s]);
        return (slopes[0].MoveToOuterDisposeScope(), slopes[1].MoveToOuterDisposeScope());
    }

    private (Tensor Noise, Tensor Steps) Together(SuperpixelScores clean, Generator random)
    {
        var (noise, steps) = (PhotometricNoise.Direction(_images, random), _motion.Direction(random));
        for (var i = 0; i < _noise.PowerIterations; i++)
        {
            (noise, steps) = Gradient(clean, PhotometricNoise.Unit(noise) * _noise.Probe, _motion.Probe(steps));
        }

        return (PhotometricNoise.Along(noise, _noise), _motion.Step(steps));
    }

    private (Tensor Noise, Tensor Steps) OneByOne(SuperpixelScores clean, Generator random)
    {
        var noise = PhotometricNoise.Find(x => _pooling.Score(Places.Read(_score(x), x)), clean, _images, _noise, random);
        return (noise, Motion(_images + noise, Places).Find(clean, random));
    }

    private SpatialPerturbation Motion(Tensor images, AnswerPlaces places) => new(_score, images, _pooling, _space) { Places = places };
}
