namespace InMARS.Stages.Learning;

/// <summary>What one training step did.</summary>
/// <param name="Step">Steps done, from 1.</param>
/// <param name="Loss">Total loss that was minimised.</param>
/// <param name="MutualInformation">I(X; Y) of the batch, in nats.</param>
/// <param name="MarginalEntropy">H(Y), in nats.</param>
/// <param name="ConditionalEntropy">H(Y|X), in nats.</param>
/// <param name="Photometric">Divergence under adversarial noise, in nats; 0 when it is off.</param>
/// <param name="Spatial">Divergence under the adversarial spatial perturbation, in nats; 0 when it is off.</param>
/// <param name="FlippedByNoise">Share of superpixels whose cluster the noise changed.</param>
/// <param name="FlippedBySpace">Share of superpixels whose cluster the spatial perturbation changed.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
public sealed record TrainingReport(
    long Step,
    int Epoch,
    double Loss,
    double MutualInformation,
    double MarginalEntropy,
    double ConditionalEntropy,
    double Photometric,
    double Spatial,
    double FlippedByNoise,
    double FlippedBySpace,
    double LearningRate)
{
    /// <summary>Divergence under noise and motion composed, in nats; 0 where they do not come together.</summary>
    public double Composed { get; init; }

    /// <summary>Share of superpixels whose cluster both together changed.</summary>
    public double FlippedByBoth { get; init; }

    /// <summary>Factor of the perturbations' weights in this step.</summary>
    public double Strength { get; init; }
}
