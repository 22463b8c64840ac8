namespace InMARS.Stages.Learning;

/// <summary>
/// What is known of a snapshot without labels: means over the training steps since the one before. There is no place in it
/// for anything that comes from a label.
/// </summary>
/// <param name="Name">File of the weights, in the folder of the checkpoints.</param>
/// <param name="Step">Steps that its weights have seen.</param>
/// <param name="Steps">Steps that the figures are means of.</param>
/// <param name="MutualInformationShare">I(X; Y) over ln K, 0 to 1.</param>
/// <param name="AgreementUnderNoise">Share of superpixels that keep their cluster under adversarial noise; null where that is off.</param>
/// <param name="AgreementUnderSpace">The same under the adversarial spatial perturbation.</param>
/// <param name="LargestShare">Share of the area that the largest cluster has.</param>
/// <param name="Evenness">Entropy of the shares over ln K, 0 to 1.</param>
/// <param name="DeadClusters">Clusters with less than a hundredth of an even share.</param>
public sealed record SnapshotFigures(
    string Name,
    long Step,
    int Steps,
    double MutualInformationShare,
    double? AgreementUnderNoise,
    double? AgreementUnderSpace,
    double LargestShare,
    double Evenness,
    int DeadClusters)
{
    private const double Dead = 0.01;

    /// <summary>Share of superpixels that keep their cluster under noise and motion composed; null where they do not come together.</summary>
    public double? AgreementUnderBoth { get; init; }

    /// <summary>Mean agreement under the perturbations that are on; 1 where none is.</summary>
    public double Agreement => new[] { AgreementUnderNoise, AgreementUnderSpace, AgreementUnderBoth }.Average() ?? 1;

    /// <summary>What <see cref="LabelFreeChoice"/> makes greatest.</summary>
    public double Score => MutualInformationShare * Agreement;

    /// <summary>The same with the spread of the clusters.</summary>
    /// <param name="shares">Share of the area of each cluster, sum 1.</param>
    public SnapshotFigures Spread(IReadOnlyList<double> shares) => this with
    {
        LargestShare = shares.Max(),
        Evenness = shares.Count < 2 ? 0 : -shares.Where(p => p > 0).Sum(p => p * Math.Log(p)) / Math.Log(shares.Count),
        DeadClusters = shares.Count(p => p < Dead / shares.Count),
    };
}
