using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>
/// The gradient of H(Y|X) - mu H(Y) + weighted divergences of the perturbed views; with a prior over cluster sizes,
/// mu KL(Y || prior) in place of - mu H(Y), for the head that segments. The target of the divergences has no gradient, so
/// each view is worked backward by itself, and only one view's graph is in memory at a time.
/// </summary>
internal sealed class InmarsObjective(Segmenter network, LearnerOptions learner, Generator random) : IObjective, IDisposable
{
    private readonly InmarsOptions _options = learner.Objective;
    private readonly AnswerPlaces _places = AnswerPlaces.Of(network.Options, learner.Objective.PoolStride);
    private readonly IReadOnlyList<TrainedHead> _heads = TrainedHead.Of(learner.Training, network.Heads);
    private readonly HeadAgreement _agreement = new(network.Heads, network.Clusters);
    private readonly ClusterSwaps? _swaps = learner.Objective.Merges ? new(network.Heads, network.Clusters, network.Overclusters) : null;
    private readonly StallWatch _stall = new(learner.Objective);
    private readonly RegularisationBalance _balance = new(learner.Objective.Balance);
    private readonly Dictionary<TrainedHead, MarginalMemory> _memories = [];

    object IObjective.Options => learner.Objective;

    public Views Add(ImageBatch batch, StepMoment moment, BatchMoments moments)
    {
        var images = batch.Pixels.to(network.Device);
        var pooling = Pooling(batch, _places);
        var mu = _options.MuAt(moment.Progress);
        var (loss, clean) = View(
            () => pooling.Score(_places.Read(network.TrainCells(images, moments, network.Lift(images, random)), images)),
            scores => Information(scores, mu));
        _agreement.Note(clean);
        _stall.Note(moment.Step, () => Decided(Main(clean)));
        var views = new Views(loss, Main(clean));
        var ramp = _options.RampAt(moment.Step);
        if (ramp == 0)
        {
            return views;
        }

        var balanced = ramp == 1 && _options.Balance.Target > 0;
        var strength = ramp * (balanced ? _balance.Next(Decided(Main(clean))) : 1);
        var sight = new Sight(images, pooling, clean);
        var perturbed = Perturb(views with { Strength = strength }, sight, strength);
        CountSwaps(sight, moment.Step);
        return perturbed;
    }

    public Action Mark()
    {
        var before = StateArchive.Save();
        CarryCounts(before);
        var memories = _heads.Select(head => Memory(head).Mark()).ToList();
        return () =>
        {
            CarryCounts(StateArchive.Load(before.Entries));
            memories.ForEach(undo => undo());
        };
    }

    public StepLoad Load => LoadOf(_options);

    /// <summary>Views are worked backward one by one.</summary>
    public static StepLoad LoadOf(InmarsOptions options) => new(Passes: 1, Step: options.PoolStride);

    public void Carry(StateArchive state)
    {
        CarryCounts(state);
        foreach (var (number, head) in _heads.Index())
        {
            Memory(head).Carry(state.Within($"marginal-{number}"));
        }
    }

    /// <remarks>All that lies in managed memory.</remarks>
    private void CarryCounts(StateArchive state)
    {
        _agreement.Carry(state.Within("agreement"));
        _swaps?.Carry(state.Within("swaps"));
        _stall.Carry(state.Within("stall"));
        _balance.Carry(state.Within("balance"));
        CarrySettled(state.Within("settled"));
    }

    public void Dispose()
    {
        foreach (var memory in _memories.Values)
        {
            memory.Dispose();
        }
    }

    public bool HasStalled => _stall.HasStalled;

    public void Settle()
    {
        network.Leading = _agreement.Leading();
        Choice = _swaps?.Choose(network.Leading);
        network.Merged = Choice is { Merges: true } choice ? choice.Merged : null;
    }

    public IReadOnlyList<string> Told => Choice is null ? [] : [Choice.Sentence(network.Leading, network.Overclusters)];

    /// <summary>What was settled last; null where nothing is merged.</summary>
    internal MergingChoice? Choice { get; private set; }

    public PerturbedImages Perturb(ImageBatch batch, Generator random) =>
        new InmarsPerturbations(network, _options, Pooling(batch, new AnswerPlaces())).Look(batch.Pixels.to(network.Device), random);

    /// <remarks>Nothing is learned from it, but the gallery is drawn with what was settled last.</remarks>
    private void CarrySettled(StateArchive state) => (network.Leading, network.Merged) =
        (state.Value("leading", network.Leading), state.Value("merged", network.Merged));

    private SuperpixelPooling Pooling(ImageBatch batch, AnswerPlaces places) =>
        SuperpixelPooling.Over(places.Thin(batch.Superpixels).to(network.Device), batch.SuperpixelCount, batch.Pixels.dtype) with
        {
            Quantity = _options.Pooling,
            Weighting = _options.Weights,
            Heads = [.. _heads.Select(head => (long)head.Count)],
        };

    private Views Perturb(Views views, Sight sight, double strength)
    {
        var (noisy, moved) = (_options.Photometric.Weight * strength, _options.Spatial.Weight * strength);
        if (_options.Perturbations == PerturbationMix.Composed && noisy > 0 && moved > 0)
        {
            var (part, both) = View(() => Both(sight), Diverge(sight.Clean, noisy + moved));
            return views with { Loss = views.Loss + part, Both = Main(both) };
        }

        if (noisy > 0)
        {
            var (part, noise) = View(() => Noisy(sight), Diverge(sight.Clean, noisy));
            views = views with { Loss = views.Loss + part, Noise = Main(noise) };
        }

        if (moved > 0)
        {
            var (part, space) = View(() => Moved(sight), Diverge(sight.Clean, moved));
            views = views with { Loss = views.Loss + part, Space = Main(space) };
        }

        return views;
    }

    // By random draws: an adversary swaps what is alike least of all.
    private void CountSwaps(Sight sight, long step)
    {
        if (_swaps is null || step % ClusterSwaps.Every != 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var noisy = Lit(sight) + PhotometricNoise.Along(PhotometricNoise.Direction(sight.Images, random), _options.Photometric);
        var motion = new SpatialPerturbation(Pass(sight), noisy, sight.Pooling, network.Upright == false ? _options.Spatial.AnyWay : _options.Spatial) { Places = _places };
        _swaps.Note(sight.Clean, motion.Answer(motion.Draw(random)));
    }

    private static double Decided(SuperpixelScores scores) =>
        MutualInformation.Of(scores).Value.to(ScalarType.Float64).item<double>() / Math.Log(scores.Logits.shape[0]);

    private static (Tensor Loss, SuperpixelScores Scores) View(Func<SuperpixelScores> look, Func<SuperpixelScores, Tensor> judge)
    {
        using var scope = NewDisposeScope();
        var scores = look();
        var loss = judge(scores);
        loss.backward();
        var kept = scores.Fixed();
        _ = kept.Logits.MoveToOuterDisposeScope();
        _ = kept.Weights.MoveToOuterDisposeScope();
        return (loss.detach().MoveToOuterDisposeScope(), kept);
    }

    private SuperpixelScores Noisy(Sight sight)
    {
        var lit = Lit(sight);
        var pass = Pass(sight);
        var noise = PhotometricNoise.Find(Answer, sight.Clean, lit, _options.Photometric, random);
        return Answer(lit + noise);

        SuperpixelScores Answer(Tensor images) => sight.Pooling.Score(_places.Read(pass(images), images));
    }

    private SuperpixelScores Moved(Sight sight)
    {
        var lit = Lit(sight);
        var motion = Motion(sight, lit);
        return motion.Answer(motion.Find(sight.Clean, random));
    }

    private SuperpixelScores Both(Sight sight)
    {
        var lit = Lit(sight);
        var search = new ComposedPerturbation(Pass(sight), lit, sight.Pooling, _options.Photometric, _options.Spatial) { Places = _places };
        var (noise, steps) = search.Find(sight.Clean, random);
        return search.Answer(noise, steps);
    }

    private SpatialPerturbation Motion(Sight sight, Tensor images) => new(Pass(sight), images, sight.Pooling, _options.Spatial) { Places = _places };

    private Tensor Lit(Sight sight) => ColourJitter.Apply(sight.Images, _options.Jitter, _options.Tint, random);

    /// <summary>Passes of one view: heights are moved alike while a perturbation is sought and where it is found.</summary>
    private Func<Tensor, Tensor> Pass(Sight sight)
    {
        var lift = network.Lift(sight.Images, random);
        return images => network.TrainCells(images, lift: lift);
    }

    private Tensor Information(SuperpixelScores scores, double mu) => OverHeads(head =>
    {
        var information = MutualInformation.Of(scores.Head(head.First, head.Count));
        return head.First < network.Heads * network.Clusters && _options.Prior is { } prior
            ? information.Conditional + (prior.Divergence(information.Shares) * mu)
            : information.Conditional - (Evenness(head, information) * mu);
    });

    private Tensor Evenness(TrainedHead head, MutualInformation information)
    {
        if (_options.MarginalMemory == 0)
        {
            return information.Marginal;
        }

        return Memory(head).Entropy(information.Shares);
    }

    private MarginalMemory Memory(TrainedHead head)
    {
        if (!_memories.TryGetValue(head, out var memory))
        {
            _memories[head] = memory = new MarginalMemory(_options.MarginalMemory);
        }

        return memory;
    }

    private Func<SuperpixelScores, Tensor> Diverge(SuperpixelScores clean, double weight) => scores =>
        OverHeads(head => Divergence.Of(clean.Head(head.First, head.Count), scores.Head(head.First, head.Count)) * weight);

    private Tensor OverHeads(Func<TrainedHead, Tensor> part) =>
        _heads.Select(head => part(head) * head.Weight).Aggregate((a, b) => a + b);

    // The first head, whichever segments: what is told of a training is of the same clusters from its first step to its last.
    private SuperpixelScores Main(SuperpixelScores scores) => scores.Head(0, network.Clusters);

    /// <summary>A batch as it came, and what the network said of it: the target of all that perturbs it.</summary>
    private sealed record Sight(Tensor Images, SuperpixelPooling Pooling, SuperpixelScores Clean);
}
