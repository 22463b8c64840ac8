using InMARS.Stages.Batching;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>
/// The gradient of H(Y|X) - mu H(Y) + weighted divergences of the perturbed views. The target of the divergences has no
/// gradient, so each view is worked backward by itself, and only one view's graph is in memory at a time.
/// </summary>
internal sealed class InmarsObjective(Segmenter network, LearnerOptions learner, Generator random) : IObjective
{
    private readonly InmarsOptions _options = learner.Objective;
    private readonly IReadOnlyList<TrainedHead> _heads = TrainedHead.Of(learner.Training);

    object IObjective.Options => learner.Objective;

    public Views Add(ImageBatch batch, StepMoment moment, BatchMoments moments)
    {
        var (mu, perturbed) = (_options.MuAt(moment.Progress), moment.Step > _options.WarmupSteps);
        var images = batch.Pixels.to(network.Device);
        var pooling = SuperpixelPooling.Over(batch.Superpixels.to(network.Device), batch.SuperpixelCount);
        var (loss, clean) = View(() => pooling.Score(network.Train(images, moments)), scores => Information(scores, mu));
        SuperpixelScores? noise = null;
        SuperpixelScores? space = null;
        if (perturbed && _options.Photometric.Weight > 0)
        {
            (var part, noise) = View(() => Noisy(images, pooling, Main(clean)), Diverge(clean, _options.Photometric.Weight));
            loss = loss + part;
        }

        if (perturbed && _options.Spatial.Weight > 0)
        {
            (var part, space) = View(() => Moved(images, pooling, Main(clean)), Diverge(clean, _options.Spatial.Weight));
            loss = loss + part;
        }

        return new Views(loss, Main(clean))
        {
            Noise = noise is null ? null : Main(noise),
            Space = space is null ? null : Main(space),
        };
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
        var lit = ColourJitter.Apply(images, _options.Jitter, random);
        var noise = PhotometricNoise.Find(x => Main(pooling.Score(network.Train(x))), target, lit, _options.Photometric, random);
        return pooling.Score(network.Train(lit + noise));
    }

    private SuperpixelScores Moved(Tensor images, SuperpixelPooling pooling, SuperpixelScores target)
    {
        var lit = ColourJitter.Apply(images, _options.Jitter, random);
        var search = new SpatialPerturbation(x => network.Train(x).narrow(1, 0, network.Clusters), lit, pooling, _options.Spatial);
        var steps = search.Find(target, random);
        return new SpatialPerturbation(x => network.Train(x), lit, pooling, _options.Spatial).Answer(steps);
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

    private SuperpixelScores Main(SuperpixelScores scores) => scores.Head(0, network.Clusters);
}
