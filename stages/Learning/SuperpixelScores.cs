using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace InMARS.Stages.Learning;

/// <summary>What the network says of each superpixel.</summary>
/// <param name="Logits"><c>[K, S]</c>; logarithms of probabilities where those were pooled.</param>
/// <param name="Weights"><c>[S]</c>, not negative, sum 1; 0 for superpixels that do not count.</param>
public sealed record SuperpixelScores(Tensor Logits, Tensor Weights)
{
    /// <summary>Clusters of each head where <see cref="Logits"/> holds those of several, one behind the other; none where there is one.</summary>
    public IReadOnlyList<long> Heads { get; init; } = [];

    /// <summary>Logarithms of the cluster probabilities, <c>[K, S]</c>, those of each head by itself; differentiable.</summary>
    public Tensor LogProbabilities => Heads.Sum() == Logits.shape[0]
        ? cat([.. Logits.split([.. Heads]).Select(head => functional.log_softmax(head, 0))])
        : functional.log_softmax(Logits, 0);

    /// <summary>Scores of one head.</summary>
    public SuperpixelScores Head(long first, long count) => this with { Logits = Logits.narrow(0, first, count), Heads = [] };

    /// <summary>The same without gradients: a target.</summary>
    public SuperpixelScores Fixed() => this with { Logits = Logits.detach() };
}
