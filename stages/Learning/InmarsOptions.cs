using InMARS.Pipeline.Configuration;

namespace InMARS.Stages.Learning;

/// <summary>What the objective of learn.inmars can be told.</summary>
/// <param name="Mu">Weight of H(Y) against H(Y|X) at the start; 1 is plain mutual information, more asks for even clusters.</param>
/// <param name="MuEnd">The same at the end of the flow; it moves in a straight line.</param>
/// <param name="WarmupSteps">Steps with mutual information alone.</param>
/// <param name="Jitter">Strength of the colour jitter under both perturbed views, 0 to 1.</param>
public sealed record InmarsOptions(double Mu = 1.6, double MuEnd = 1.2, int WarmupSteps = 0, double Jitter = 0.6)
{
    public PhotometricOptions Photometric { get; init; } = new();

    public SpatialOptions Spatial { get; init; } = new();

    /// <summary>Weight of H(Y) where <paramref name="progress"/> of the flow is done; the first one where that is not known.</summary>
    public double MuAt(double progress) => double.IsNaN(progress) ? Mu : Mu + ((MuEnd - Mu) * Math.Clamp(progress, 0, 1));

    public static InmarsOptions Read(Fields f)
    {
        var d = new InmarsOptions();
        return new InmarsOptions(
            f.Get("mu", Ranges.Weight, d.Mu, "Weight of the marginal entropy at the start; more asks for clusters of equal size."),
            f.Get("mu_end", Ranges.Weight, d.MuEnd, "Weight of the marginal entropy at the end; it moves in a straight line."),
            f.Get("warmup_steps", Decode.WholeNumber.Between(0, 1_000_000), d.WarmupSteps, "Steps with mutual information alone before the perturbations join."),
            f.Get("jitter", Ranges.Share, d.Jitter, "Strength of the colour jitter under both perturbed views."))
        {
            Photometric = f.Group("photometric", ReadPhotometric, "Adversarial noise on pixels."),
            Spatial = f.Group("spatial", ReadSpatial, "Adversarial affine perturbation."),
        };
    }

    private static PhotometricOptions ReadPhotometric(Fields f)
    {
        var d = new PhotometricOptions();
        return new PhotometricOptions(
            f.Get("weight", Ranges.Weight, d.Weight, "Weight in the loss; 0 switches it off."),
            f.Get("radius", Ranges.Positive(1), d.Radius, "Root mean square of the noise, where pixels are 0 to 1."),
            f.Get("probe", Ranges.Positive(1), d.Probe, "Root mean square of the step that finds its direction."),
            f.Get("power_iterations", Decode.WholeNumber.Between(1, 10), d.PowerIterations, "Gradients taken to find its direction."),
            f.Get("norm", Decode.OneOf(("l2", NoiseNorm.L2), ("linf", NoiseNorm.LInfinity)), d.Norm, "How its length is measured."));
    }

    private static SpatialOptions ReadSpatial(Fields f)
    {
        var d = new SpatialOptions();
        return new SpatialOptions(
            f.Get("weight", Ranges.Weight, d.Weight, "Weight in the loss; 0 switches it off."),
            f.Get("rotation", Decode.Number.Between(0, 180), d.Rotation, "Largest rotation, in degrees."),
            f.Get("scale", Ranges.Share, d.Scale, "Largest change of size, as a share."),
            f.Get("shear", Decode.Number.Between(0, 60), d.Shear, "Largest shear, in degrees."),
            f.Get("shift", Ranges.Share, d.Shift, "Largest shift, as a share of half the image side."),
            f.Get("probe", Ranges.Positive(1), d.Probe, "Length of the random step at which the gradient is taken, in limits."),
            f.Get("length", Ranges.Positive(10), d.Length, "Length of the adversarial step, in limits; each parameter is then cut to its own limit."),
            f.Get("worst_of", Decode.WholeNumber.Between(0, 64), d.WorstOf, "Where above 0: the worst of so many random draws instead of a gradient step."));
    }
}
