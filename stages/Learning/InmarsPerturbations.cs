using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>The perturbations of <c>learn.inmars</c>, found for images that are to be shown: no jitter, no gradient for the network.</summary>
internal sealed class InmarsPerturbations(Segmenter network, InmarsOptions options, SuperpixelPooling pooling)
{
    /// <param name="images"><c>[N, C, H, W]</c>, 0 to 1.</param>
    public PerturbedImages Look(Tensor images, Generator random)
    {
        var seen = new PerturbedImages(pooling.Score(Answer(images)).Fixed());
        var (noisy, moved) = (options.Photometric.Weight > 0, options.Spatial.Weight > 0);
        return noisy && moved && options.Perturbations == PerturbationMix.Composed
            ? Both(seen, images, random)
            : Moved(Noisy(seen, noisy, images, random), moved, images, random);
    }

    private PerturbedImages Both(PerturbedImages seen, Tensor images, Generator random)
    {
        var composed = new ComposedPerturbation(Answer, images, pooling, options.Photometric, options.Spatial);
        var (noise, steps) = composed.Find(seen.Clean, random);
        return seen with { Noise = noise, Moved = Move(images + noise, steps), After = [("noise and motion", composed.Answer(noise, steps).Fixed())] };
    }

    private PerturbedImages Noisy(PerturbedImages seen, bool wanted, Tensor images, Generator random)
    {
        if (!wanted)
        {
            return seen;
        }

        var noise = PhotometricNoise.Find(x => pooling.Score(Answer(x)), seen.Clean, images, options.Photometric, random);
        return seen with { Noise = noise, After = [.. seen.After, ("noise", pooling.Score(Answer(images + noise)).Fixed())] };
    }

    private PerturbedImages Moved(PerturbedImages seen, bool wanted, Tensor images, Generator random)
    {
        if (!wanted)
        {
            return seen;
        }

        var motion = new SpatialPerturbation(Answer, images, pooling, options.Spatial);
        var steps = motion.Find(seen.Clean, random);
        return seen with { Moved = Move(images, steps), After = [.. seen.After, ("motion", motion.Answer(steps).Fixed())] };
    }

    private Tensor Move(Tensor images, Tensor steps) =>
        Warp.Sample(images, Warp.Of(options.Spatial, images).Grids(steps).There, GridSamplePaddingMode.Reflection);

    private Tensor Answer(Tensor images) => network.Lead(network.Train(images));
}
