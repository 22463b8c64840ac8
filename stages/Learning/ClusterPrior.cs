using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>The share of the image area that each cluster is asked to take.</summary>
/// <param name="Shares">One a cluster, above 0, sum 1.</param>
public sealed record ClusterPrior(IReadOnlyList<double> Shares)
{
    /// <param name="weights">Above 0; only their ratios matter.</param>
    public static ClusterPrior Of(IReadOnlyList<double> weights) => new([.. weights.Select(w => w / weights.Sum())]);

    public bool Equals(ClusterPrior? other) => other is not null && Shares.SequenceEqual(other.Shares);

    public override int GetHashCode() => Shares.Aggregate(0, HashCode.Combine);

    // The text of the options is hashed into the model card, so it must hold the shares themselves.
    public override string ToString() => $"[{string.Join(", ", Shares.Select(s => s.ToString("R", CultureInfo.InvariantCulture)))}]";

    /// <summary>KL(shares || prior), a scalar in nats, differentiable. ln K - H(Y) where the prior is uniform.</summary>
    /// <param name="shares"><c>[K]</c>, above 0: the marginal of a batch.</param>
    internal Tensor Divergence(Tensor shares)
    {
        var log = tensor(Shares.ToArray(), dtype: shares.dtype, device: shares.device).log();
        return (shares * (shares.log() - log)).sum();
    }
}
