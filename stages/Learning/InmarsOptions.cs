using InMARS.Pipeline.Configuration;

namespace InMARS.Stages.Learning;

/// <summary>How noise and motion enter the loss.</summary>
public enum PerturbationMix
{
    /// <summary>Each by itself, with a divergence of its own.</summary>
    Sum,

    /// <summary>The motion of the noisy image, with one divergence, whose weight is the sum of both weights.</summary>
    Composed,
}

/// <summary>Whether the clusters of the over-clustering head become those of the model.</summary>
public enum MergeRule
{
    None,

    /// <summary>Joined by what the perturbations swap, where that gives clusters that hold better.</summary>
    Exchange,
}

/// <summary>What the objective of learn.inmars can be told.</summary>
/// <param name="Mu">Weight of H(Y) against H(Y|X) at the start; 1 is plain mutual information, more asks for even clusters.</param>
/// <param name="MuEnd">The same at the end of the flow; it moves in a straight line.</param>
/// <param name="WarmupSteps">Steps with mutual information alone.</param>
/// <param name="Jitter">Strength of the colour jitter under both perturbed views, 0 to 1.</param>
public sealed record InmarsOptions(double Mu = 1.6, double MuEnd = 1.2, int WarmupSteps = 0, double Jitter = 0.6)
{
    /// <summary>What holds where a run file says nothing: the recipe of docs/experiments.md, the same for all data sets.</summary>
    public static InmarsOptions Recipe { get; } = new(Mu: 1.4, MuEnd: 1.4)
    {
        RampSteps = 40,
        RestartBelow = 0.05,
        Heads = 5,
        Merging = MergeRule.Exchange,
        Perturbations = PerturbationMix.Composed,
        Photometric = new PhotometricOptions(Weight: 2),
        Spatial = new SpatialOptions(Weight: 2),
    };

    /// <summary>Strength of the part of the jitter that changes bands by themselves, 0 to 1: hue tells materials apart where brightness tells light and shade.</summary>
    public double Tint { get; init; } = 0.2;

    /// <summary>What the past counts for in the marginal whose entropy is to be great, 0 to 1; with 0 it is that of each batch.</summary>
    public double MarginalMemory { get; init; }

    /// <summary>Steps behind the warm-up over which the weights of the perturbations grow to their full size, in a straight line.</summary>
    public int RampSteps { get; init; }

    /// <summary>
    /// Mutual information over ln K under which, as many steps after the ramp as it had, the training starts again without warm-up and ramp, with three quarters of the perturbations' weights. What
    /// is learned before the perturbations have their weight is colour, as a rule; where they leave nothing of it, the network does not learn again.
    /// </summary>
    public double RestartBelow { get; init; }

    /// <summary>Heads of K clusters on the same trunk. The one saved is that whose clusters the others agree with most.</summary>
    public int Heads { get; init; } = 1;

    /// <summary>Whether the clusters of the over-clustering head, joined to K, are saved in place of the leading head's.</summary>
    public MergeRule Merging { get; init; }

    /// <summary>Whether clusters are merged: nothing swaps them where nothing perturbs.</summary>
    internal bool Merges => Merging != MergeRule.None && Photometric.Weight + Spatial.Weight > 0;

    public PooledQuantity Pooling { get; init; }

    public SuperpixelWeighting Weights { get; init; }

    /// <summary>Answers are read at every n-th pixel across and down: 1, 2 or 4. A superpixel without such a pixel does not count.</summary>
    public int PoolStride { get; init; } = 2;

    /// <summary>What the clusters of the head that segments are to take; none for as even as possible.</summary>
    public ClusterPrior? Prior { get; init; }

    public PerturbationMix Perturbations { get; init; }

    /// <summary>Whether the perturbations' weights follow how decided the network is, once the ramp is over.</summary>
    public BalanceOptions Balance { get; init; } = new();

    public PhotometricOptions Photometric { get; init; } = new();

    public SpatialOptions Spatial { get; init; } = new();

    /// <summary>Weight of H(Y) where <paramref name="progress"/> of the flow is done; the first one where that is not known.</summary>
    public double MuAt(double progress) => double.IsNaN(progress) ? Mu : Mu + ((MuEnd - Mu) * Math.Clamp(progress, 0, 1));

    /// <summary>Share of the perturbations' weights at a step, 0 to 1.</summary>
    /// <param name="step">From 1.</param>
    public double RampAt(long step) => step <= WarmupSteps ? 0 : Math.Min(1, (step - WarmupSteps) / (double)Math.Max(1, RampSteps));

    /// <param name="clusters">K, for keys that must fit it; 0 where it is not known.</param>
    public static InmarsOptions Read(Fields f, int clusters)
    {
        var d = Recipe;
        return new InmarsOptions(
            f.Get("mu", Ranges.Weight, d.Mu, "Weight of the marginal entropy at the start; more asks for clusters of equal size."),
            f.Get("mu_end", Ranges.Weight, d.MuEnd, "Weight of the marginal entropy at the end; it moves in a straight line."),
            f.Get("warmup_steps", Decode.WholeNumber.Between(0, 1_000_000), d.WarmupSteps, "Steps with mutual information alone before the perturbations join."),
            f.Get("jitter", Ranges.Share, d.Jitter, "Strength of the colour jitter under both perturbed views."))
        {
            Tint = f.Get("tint", Ranges.Share, d.Tint, "Strength of the part of the jitter that changes red, green and blue by themselves."),
            MarginalMemory = f.Get("marginal_memory", Decode.Number.Between(0, 0.99), d.MarginalMemory, "What earlier batches count for in the marginal entropy: 0 asks every batch for even clusters, 0.9 the last ten or so together."),
            RampSteps = f.Get("ramp_steps", Decode.WholeNumber.Between(0, 1_000_000), d.RampSteps, "Steps behind the warm-up over which the perturbations' weights grow to their full size."),
            RestartBelow = f.Get("restart_below", Decode.Number.Between(0, 0.9), d.RestartBelow, "Where there is a ramp: mutual information, as a share of ln K, under which the training starts again without warm-up and ramp and with three quarters of the perturbations' weights, looked at as many steps after the ramp as it had; 0 never does."),
            Heads = f.Get("heads", Decode.WholeNumber.Between(1, 64), d.Heads, "Heads of K clusters on the same trunk; the one is saved with which the others agree most, as no labels are needed for that."),
            Merging = f.Get("merging", Decode.OneOf(("none", MergeRule.None), ("exchange", MergeRule.Exchange)), d.Merging, "Where there is an over-clustering head: exchange joins those of its clusters that the perturbations swap most, until K are left, and saves these where they keep more of their superpixels than those of a head of K clusters, by a tenth beyond chance; they need not be of even size. Otherwise, and with none, the head is saved."),
            Pooling = f.Get("pooling", Decode.OneOf(("logits", PooledQuantity.Logits), ("probabilities", PooledQuantity.Probabilities)), d.Pooling, "What is averaged over a superpixel's pixels; with probabilities, pixels that disagree count as undecided."),
            Weights = f.Get("weights", Decode.OneOf(("area", SuperpixelWeighting.Area), ("uniform", SuperpixelWeighting.Uniform)), d.Weights, "What a superpixel counts for: its pixels, or one."),
            PoolStride = f.Get("pool_stride", Decode.OneOf(("1", 1), ("2", 2), ("4", 4)), d.PoolStride, "Answers are read at every so many pixels across and down; a superpixel between them does not count in that step."),
            Prior = ReadPrior(f, clusters),
            Perturbations = f.Get("perturbations", Decode.OneOf(("sum", PerturbationMix.Sum), ("composed", PerturbationMix.Composed)), d.Perturbations, "Noise and motion each by itself, or the motion of the noisy image as one, with the sum of their weights."),
            Balance = f.Group("balance", g => ReadBalance(g, d.Balance), "Weights of the perturbations that follow how decided the network is, once the ramp is over."),
            Photometric = f.Group("photometric", g => ReadPhotometric(g, d.Photometric), "Adversarial noise on pixels."),
            Spatial = f.Group("spatial", g => ReadSpatial(g, d.Spatial), "Adversarial motion: an affine map or a flow field."),
        };
    }

    private static ClusterPrior? ReadPrior(Fields f, int clusters)
    {
        var shares = f.Optional("prior", Decode.ListOf(Ranges.Positive(1e9)), "Shares of the area that the clusters are to take, one a cluster; only their ratios matter. mu then weighs the divergence from them.");
        if (shares is null)
        {
            return null;
        }

        if (clusters > 0 && shares.Count != clusters)
        {
            f.Refuse("prior", $"expected {clusters} shares, one for each of the clusters, found {shares.Count}");
        }

        return ClusterPrior.Of(shares);
    }

    private static BalanceOptions ReadBalance(Fields f, BalanceOptions d) => new(
        f.Get("target", Decode.Number.Between(0, 0.99), d.Target, "Mutual information, as a share of ln K, under which the perturbations' weights shrink and over which they grow; 0 leaves the weights as they are."),
        f.Get("rate", Ranges.Positive(1), d.Rate, "Most that the logarithm of the factor moves in a step."),
        f.Get("least", Ranges.Positive(1), d.Least, "Smallest factor of the weights."),
        f.Get("most", Decode.Number.Between(1, 1000), d.Most, "Largest factor of the weights."));

    private static PhotometricOptions ReadPhotometric(Fields f, PhotometricOptions d) => new(
        f.Get("weight", Ranges.Weight, d.Weight, "Weight in the loss; 0 switches it off."),
        f.Get("radius", Ranges.Positive(1), d.Radius, "Root mean square of the noise, where pixels are 0 to 1."),
        f.Get("probe", Ranges.Positive(1), d.Probe, "Root mean square of the step that finds its direction."),
        f.Get("power_iterations", Decode.WholeNumber.Between(1, 10), d.PowerIterations, "Gradients taken to find its direction."),
        f.Get("norm", Decode.OneOf(("l2", NoiseNorm.L2), ("linf", NoiseNorm.LInfinity)), d.Norm, "How its length is measured."));

    private static SpatialOptions ReadSpatial(Fields f, SpatialOptions d) => new(
        f.Get("weight", Ranges.Weight, d.Weight, "Weight in the loss; 0 switches it off."),
        f.Get("rotation", Decode.Number.Between(0, 180), d.Rotation, "Largest rotation of an affine map, in degrees."),
        f.Get("scale", Ranges.Share, d.Scale, "Largest change of size, as a share."),
        f.Get("shear", Decode.Number.Between(0, 60), d.Shear, "Largest shear, in degrees."),
        f.Get("shift", Ranges.Share, d.Shift, "Largest shift, as a share of half the image side."),
        f.Get("probe", Ranges.Positive(1), d.Probe, "Length of the random step at which the gradient is taken, in limits."),
        f.Get("length", Ranges.Positive(10), d.Length, "Length of the adversarial step, in limits; each parameter is then cut to its own limit."),
        f.Get("worst_of", Decode.WholeNumber.Between(0, 64), d.WorstOf, "Where above 0: the worst of so many random draws instead of a gradient step."))
    {
        Kind = f.Get("kind", Decode.OneOf(("affine", WarpKind.Affine), ("flow", WarpKind.Flow)), d.Kind, "Whether the image moves as a whole or bends locally; rotation, scale, shear and shift belong to affine."),
        Flow = f.Group("flow", ReadFlow, "Limits of a flow field."),
    };

    private static FlowFieldOptions ReadFlow(Fields f)
    {
        var d = new FlowFieldOptions();
        return new FlowFieldOptions(
            f.Get("grid", Decode.WholeNumber.Between(2, 64), d.Grid, "Control points along each side of the image."),
            f.Get("reach", Ranges.Positive(1000), d.Reach, "Most pixels that a place moves, and never more than a quarter of the distance of control points, so that the flow can be undone."),
            f.Get("inverse_steps", Decode.WholeNumber.Between(1, 50), d.InverseSteps, "Fixed-point steps that undo the flow."));
    }
}
