namespace InMARS.Stages.Learning;

/// <summary>What a spatial perturbation may do.</summary>
public enum WarpKind
{
    /// <summary>Rotation, scale, shear and shift of the whole image.</summary>
    Affine,

    /// <summary>A smooth flow field that bends the image locally.</summary>
    Flow,
}

/// <summary>Adversarial spatial perturbation.</summary>
/// <param name="Weight">Weight of its divergence in the loss; 0 switches it off.</param>
/// <param name="Rotation">Limit of an affine map in degrees.</param>
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
    int WorstOf = 0)
{
    public WarpKind Kind { get; init; }

    /// <summary>The same limits, but turned by any angle: what images without an up may do.</summary>
    internal SpatialOptions AnyWay => this with { Kind = WarpKind.Affine, Rotation = 180 };

    /// <summary>Limits of a flow field.</summary>
    public FlowFieldOptions Flow { get; init; } = new();
}
