using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>The two entropies of a soft clustering, in nats; differentiable.</summary>
/// <param name="Marginal">H(Y): how evenly the clusters are used.</param>
/// <param name="Conditional">H(Y|X): how undecided the answers are.</param>
/// <param name="Shares">The marginal itself: share of each cluster, <c>[K]</c>.</param>
public sealed record MutualInformation(Tensor Marginal, Tensor Conditional, Tensor Shares)
{
    /// <summary>I(X; Y), 0 to ln K up to rounding.</summary>
    public Tensor Value => Marginal - Conditional;

    /// <summary>Estimates both entropies from one batch.</summary>
    /// <remarks>
    /// H(sum_s w_s p_s) and sum_s w_s H(p_s): Krause et al., "Discriminative clustering by regularized information
    /// maximization", NIPS 2010, equation 2, with superpixels weighted by area. Biased low for small batches.
    /// </remarks>
    public static MutualInformation Of(SuperpixelScores scores)
    {
        var log = scores.LogProbabilities;
        var p = log.exp();
        // The slope of entr is infinite at 0, where a cluster died so thoroughly that its probability underflows.
        var marginal = p.matmul(scores.Weights).clamp_min(1e-12);
        return new MutualInformation(special.entr(marginal).sum(), -(p * log).sum([0L]).dot(scores.Weights), marginal);
    }
}
