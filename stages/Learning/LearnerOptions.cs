using InMARS.Pipeline.Configuration;

namespace InMARS.Stages.Learning;

/// <summary>How the learning rate moves through a flow.</summary>
public enum RateSchedule
{
    Constant,

    /// <summary>Half a cosine, from the full rate to nothing at the end of the flow.</summary>
    Cosine,
}

/// <summary>A second head with more clusters, for training only.</summary>
/// <param name="Clusters">0 leaves it out.</param>
/// <param name="Weight">Weight of its loss.</param>
public sealed record OverclusteringOptions(int Clusters = 0, double Weight = 1);

/// <summary>Everything the learner can be told.</summary>
/// <param name="Clusters">K, 2 to 1024.</param>
/// <param name="LearningRate">Of Adam.</param>
/// <param name="Mu">Weight of H(Y) against H(Y|X) at the start; 1 is plain mutual information, more asks for even clusters.</param>
/// <param name="MuEnd">The same at the end of the flow; it moves in a straight line.</param>
/// <param name="WarmupSteps">Steps with mutual information alone.</param>
/// <param name="Jitter">Strength of the colour jitter under both perturbed views, 0 to 1.</param>
/// <param name="Ema">Decay of the averaged weights that are saved; 0 saves the last weights.</param>
/// <param name="GradientClip">Longest gradient; 0 is no limit.</param>
public sealed record LearnerOptions(
    int Clusters,
    double LearningRate = 1e-3,
    RateSchedule Schedule = RateSchedule.Cosine,
    double Mu = 1.6,
    double MuEnd = 1.2,
    int WarmupSteps = 0,
    double Jitter = 0.6,
    double Ema = 0.98,
    double GradientClip = 0)
{
    public PhotometricOptions Photometric { get; init; } = new();

    public SpatialOptions Spatial { get; init; } = new();

    public OverclusteringOptions Overclustering { get; init; } = new();

    public NetworkOptions Network { get; init; } = new();

    /// <summary>Learning rate where <paramref name="progress"/> of the flow is done; the full rate where that is not known.</summary>
    public double RateAt(double progress) => Schedule == RateSchedule.Constant || double.IsNaN(progress)
        ? LearningRate
        : LearningRate * 0.5 * (1 + Math.Cos(Math.PI * Math.Clamp(progress, 0, 1)));

    /// <summary>Weight of H(Y) where <paramref name="progress"/> of the flow is done; the first one where that is not known.</summary>
    public double MuAt(double progress) => double.IsNaN(progress) ? Mu : Mu + ((MuEnd - Mu) * Math.Clamp(progress, 0, 1));

    public static LearnerOptions Read(Fields f)
    {
        var d = new LearnerOptions(2);
        return new LearnerOptions(
            f.Require("clusters", Decode.WholeNumber.Between(2, 1024), "Clusters K; as many as there are classes for one-to-one scores."),
            f.Get("learning_rate", Positive(1), d.LearningRate, "Learning rate of Adam."),
            f.Get("schedule", Decode.OneOf(("constant", RateSchedule.Constant), ("cosine", RateSchedule.Cosine)), d.Schedule, "Course of the learning rate through the flow; constant where the source cannot count its items."),
            f.Get("mu", Weight, d.Mu, "Weight of the marginal entropy at the start; more asks for clusters of equal size."),
            f.Get("mu_end", Weight, d.MuEnd, "Weight of the marginal entropy at the end; it moves in a straight line."),
            f.Get("warmup_steps", Decode.WholeNumber.Between(0, 1_000_000), d.WarmupSteps, "Steps with mutual information alone before the perturbations join."),
            f.Get("jitter", Share, d.Jitter, "Strength of the colour jitter under both perturbed views."),
            f.Get("ema", Decode.Number.Between(0, 0.9999), d.Ema, "Decay of the averaged weights that are saved; 0 saves the last weights."),
            f.Get("gradient_clip", Weight, d.GradientClip, "Longest gradient; 0 is no limit."))
        {
            Photometric = f.Group("photometric", ReadPhotometric, "Adversarial noise on pixels."),
            Spatial = f.Group("spatial", ReadSpatial, "Adversarial affine perturbation."),
            Overclustering = f.Group("overclustering", ReadOverclustering, "A second head with more clusters, for training only."),
            Network = f.Group("network", ReadNetwork, "Shape of the network."),
        };
    }

    private static PhotometricOptions ReadPhotometric(Fields f)
    {
        var d = new PhotometricOptions();
        return new PhotometricOptions(
            f.Get("weight", Weight, d.Weight, "Weight in the loss; 0 switches it off."),
            f.Get("radius", Positive(1), d.Radius, "Root mean square of the noise, where pixels are 0 to 1."),
            f.Get("probe", Positive(1), d.Probe, "Root mean square of the step that finds its direction."),
            f.Get("power_iterations", Decode.WholeNumber.Between(1, 10), d.PowerIterations, "Gradients taken to find its direction."),
            f.Get("norm", Decode.OneOf(("l2", NoiseNorm.L2), ("linf", NoiseNorm.LInfinity)), d.Norm, "How its length is measured."));
    }

    private static SpatialOptions ReadSpatial(Fields f)
    {
        var d = new SpatialOptions();
        return new SpatialOptions(
            f.Get("weight", Weight, d.Weight, "Weight in the loss; 0 switches it off."),
            f.Get("rotation", Decode.Number.Between(0, 180), d.Rotation, "Largest rotation, in degrees."),
            f.Get("scale", Share, d.Scale, "Largest change of size, as a share."),
            f.Get("shear", Decode.Number.Between(0, 60), d.Shear, "Largest shear, in degrees."),
            f.Get("shift", Share, d.Shift, "Largest shift, as a share of half the image side."),
            f.Get("probe", Positive(1), d.Probe, "Length of the random step at which the gradient is taken, in limits."),
            f.Get("length", Positive(10), d.Length, "Length of the adversarial step, in limits; each parameter is then cut to its own limit."),
            f.Get("worst_of", Decode.WholeNumber.Between(0, 64), d.WorstOf, "Where above 0: the worst of so many random draws instead of a gradient step."));
    }

    private static OverclusteringOptions ReadOverclustering(Fields f)
    {
        var d = new OverclusteringOptions();
        return new OverclusteringOptions(
            f.Get("clusters", Decode.WholeNumber.Between(0, 4096), d.Clusters, "Clusters of the second head; 0 leaves it out."),
            f.Get("weight", Weight, d.Weight, "Weight of its loss."));
    }

    private static NetworkOptions ReadNetwork(Fields f)
    {
        var kind = f.Get("kind", Decode.OneOf(("inmars", NetworkKind.Inmars), ("net10a", NetworkKind.Net10a)), NetworkKind.Inmars, "inmars is small and shaped by the keys below; net10a is SegmentationNet10a of the published protocol, 4.5 million weights, whose width, pools and depth are fixed.");
        var d = kind == NetworkKind.Net10a ? NetworkOptions.Net10a() : new NetworkOptions();
        var options = new NetworkOptions(
            f.Get("bands", Decode.WholeNumber.Between(3, 4), d.Bands, "Bands of the images: 3, or 4 with near infrared."),
            f.Get("width", Decode.WholeNumber.Between(4, 256), d.Width, "Channels of the first layer; each pooling doubles them."),
            f.Get("pools", Decode.WholeNumber.Between(0, 4), d.Pools, "Poolings by two."),
            f.Get("depth", Decode.WholeNumber.Between(1, 8), d.Depth, "Dilated layers behind the last pooling."),
            f.Get("sobel", Decode.YesNo, d.Sobel, "Whether the edges of the grey image go in beside the bands."),
            kind);
        if (kind == NetworkKind.Net10a && (options.Width, options.Pools, options.Depth) != (d.Width, d.Pools, d.Depth))
        {
            f.Refuse("kind", $"net10a has width {d.Width}, pools {d.Pools} and depth {d.Depth}; leave these keys out");
        }

        return options;
    }

    private static Decoder<double> Weight { get; } = Decode.Number.Between(0, 1000);

    private static Decoder<double> Share { get; } = Decode.Number.Between(0, 1);

    private static Decoder<double> Positive(double most) => Decode.Number.Between(1e-9, most);
}
