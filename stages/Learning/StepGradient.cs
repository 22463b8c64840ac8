using InMARS.Stages.Batching;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>What the head that segments said of one batch, without gradients.</summary>
/// <param name="Loss">What was minimised; a scalar.</param>
/// <param name="Noise">Answers under adversarial noise; none where that is off.</param>
/// <param name="Space">Answers under the adversarial spatial perturbation; none where that is off.</param>
internal sealed record Views(Tensor Loss, SuperpixelScores Clean, SuperpixelScores? Noise, SuperpixelScores? Space);

/// <summary>
/// The gradient of H(Y|X) - mu H(Y) + weighted divergences of the perturbed views. The target of the divergences has no
/// gradient, so each view is worked backward by itself, and only one view's graph is in memory at a time.
/// </summary>
internal sealed class StepGradient(Segmenter network, LearnerOptions options, Generator random)
{
    private readonly IReadOnlyList<(int First, int Count, double Weight)> _heads = options.Overclustering.Clusters == 0
        ? [(0, options.Clusters, 1)]
        : [(0, options.Clusters, 1), (options.Clusters, options.Overclustering.Clusters, options.Overclustering.Weight)];

    /// <summary>Adds the gradient of one batch to the network's parameters.</summary>
    /// <param name="mu">Weight of H(Y).</param>
    /// <param name="perturbed">Whether the perturbed views take part.</param>
    /// <param name="moments">Takes note of the normalisation statistics of the clean view.</param>
    public Views Add(ImageBatch batch, double mu, bool perturbed, BatchMoments moments)
    {
        var images = batch.Pixels.to(network.Device);
        var pooling = SuperpixelPooling.Over(batch.Superpixels.to(network.Device), batch.SuperpixelCount);
        var (loss, clean) = View(() => pooling.Score(network.Train(images, moments)), scores => Information(scores, mu));
        SuperpixelScores? noise = null;
        SuperpixelScores? space = null;
        if (perturbed && options.Photometric.Weight > 0)
        {
            (var part, noise) = View(() => Noisy(images, pooling, Main(clean)), Diverge(clean, options.Photometric.Weight));
            loss = loss + part;
        }

        if (perturbed && options.Spatial.Weight > 0)
        {
            (var part, space) = View(() => Moved(images, pooling, Main(clean)), Diverge(clean, options.Spatial.Weight));
            loss = loss + part;
        }

        return new Views(loss, Main(clean), noise is null ? null : Main(noise), space is null ? null : Main(space));
    }

    private static (Tensor Loss, SuperpixelScores Scores) View(Func<SuperpixelScores> look, Func<SuperpixelScores, Tensor> judge)
    {
        using var scope = NewDisposeScope();
        var scores = look();
        var loss = judge(scores);
        loss.backward();
        var kept = scores.Fixed();
        return (loss.detach().MoveToOuterDisposeScope(), new(kept.Logits.MoveToOuterDisposeScope(), kept.Weights.MoveToOuterDisposeScope()));
    }

    private SuperpixelScores Noisy(Tensor images, SuperpixelPooling pooling, SuperpixelScores target)
    {
        var lit = ColourJitter.Apply(images, options.Jitter, random);
        var noise = PhotometricNoise.Find(x => Main(pooling.Score(network.Train(x))), target, lit, options.Photometric, random);
        return pooling.Score(network.Train(lit + noise));
    }

    private SuperpixelScores Moved(Tensor images, SuperpixelPooling pooling, SuperpixelScores target)
    {
        var lit = ColourJitter.Apply(images, options.Jitter, random);
        var search = new SpatialPerturbation(x => network.Train(x).narrow(1, 0, options.Clusters), lit, pooling, options.Spatial);
        var steps = search.Find(target, random);
        return new SpatialPerturbation(x => network.Train(x), lit, pooling, options.Spatial).Answer(steps);
    }

    private Tensor Information(SuperpixelScores scores, double mu) => OverHeads((first, count) =>
    {
        var information = MutualInformation.Of(scores.Head(first, count));
        return information.Conditional - (information.Marginal * mu);
    });

    private Func<SuperpixelScores, Tensor> Diverge(SuperpixelScores clean, double weight) => scores =>
        OverHeads((first, count) => Divergence.Of(clean.Head(first, count), scores.Head(first, count)) * weight);

    private Tensor OverHeads(Func<int, int, Tensor> part) =>
        _heads.Select(h => part(h.First, h.Count) * h.Weight).Aggregate((a, b) => a + b);

    private SuperpixelScores Main(SuperpixelScores scores) => scores.Head(0, options.Clusters);
}
