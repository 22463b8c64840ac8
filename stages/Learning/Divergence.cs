using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>How far perturbed answers are from clean ones.</summary>
internal static class Divergence
{
    /// <summary>Kullback-Leibler divergence KL(clean || perturbed) of each superpixel; of several heads, their sum.</summary>
    /// <param name="clean">The target; no gradient flows into it.</param>
    /// <returns><c>[S]</c>, nats, not negative up to rounding.</returns>
    public static Tensor Each(SuperpixelScores clean, SuperpixelScores perturbed)
    {
        var log = clean.LogProbabilities.detach();
        return (log.exp() * (log - perturbed.LogProbabilities)).sum([0L]);
    }

    /// <summary>Mean over superpixels, weighted as the perturbed side says; a scalar, differentiable in that side.</summary>
    public static Tensor Of(SuperpixelScores clean, SuperpixelScores perturbed) => Each(clean, perturbed).dot(perturbed.Weights);

    /// <summary>Share of superpixels that count and whose most probable cluster is another one; a scalar.</summary>
    public static Tensor Flipped(SuperpixelScores clean, SuperpixelScores perturbed)
    {
        var counts = (perturbed.Weights > 0).to(perturbed.Weights.dtype);
        var moved = clean.Logits.argmax(0).ne(perturbed.Logits.argmax(0)).to(counts.dtype);
        return (moved * counts).sum() / counts.sum().clamp_min(1);
    }
}
