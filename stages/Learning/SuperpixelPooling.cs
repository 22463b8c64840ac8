using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace InMARS.Stages.Learning;

/// <summary>What is averaged over the pixels of a superpixel.</summary>
public enum PooledQuantity
{
    /// <summary>Scores, which are then made probabilities: the superpixel decides as one.</summary>
    Logits,

    /// <summary>Probabilities of the pixels: pixels that disagree leave their superpixel undecided.</summary>
    Probabilities,
}

/// <summary>What a superpixel counts for in means over superpixels.</summary>
public enum SuperpixelWeighting
{
    /// <summary>Its pixels: the marginal is that of the pixels.</summary>
    Area,

    /// <summary>One, whatever its size.</summary>
    Uniform,
}

/// <summary>Sums and means over the superpixels of a batch. Its tensors belong to the dispose scope it was made in.</summary>
/// <param name="Pixels">Superpixel of each pixel, <c>[N * H * W]</c>, int64; S where it belongs to none.</param>
/// <param name="Areas">Pixels of each superpixel, <c>[S]</c>.</param>
public sealed record SuperpixelPooling(Tensor Pixels, Tensor Areas)
{
    public PooledQuantity Quantity { get; init; }

    public SuperpixelWeighting Weighting { get; init; }

    /// <summary>Channels of each head, where scores of several are pooled together; none where there is one.</summary>
    public IReadOnlyList<long> Heads { get; init; } = [];

    /// <param name="superpixels"><c>[N, H, W]</c>, int64, numbered through the batch.</param>
    /// <param name="count">S, the superpixels of all images together.</param>
    /// <param name="type">Element type of what will be pooled.</param>
    public static SuperpixelPooling Over(Tensor superpixels, int count, ScalarType type = ScalarType.Float32)
    {
        var pixels = superpixels.flatten();
        // One place more than there are superpixels: there goes what belongs to none.
        var areas = zeros(count + 1, dtype: type, device: pixels.device);
        var sums = areas.scatter_add(0, pixels, ones(1, dtype: type, device: pixels.device).expand(pixels.shape));
        return new SuperpixelPooling(pixels, sums.narrow(0, 0, count));
    }

    /// <summary>What each superpixel counts for, <c>[S]</c>, sum 1.</summary>
    public Tensor Weights => Counts / Counts.sum();

    private Tensor Counts => Weighting == SuperpixelWeighting.Area ? Areas : (Areas > 0).to(Areas.dtype);

    /// <param name="values"><c>[N, K, H, W]</c>.</param>
    /// <returns><c>[K, S]</c>; differentiable.</returns>
    public Tensor Sum(Tensor values)
    {
        var channels = values.shape[1];
        var flat = values.transpose(0, 1).reshape(channels, -1);
        var start = zeros(channels, Areas.shape[0] + 1, dtype: values.dtype, device: values.device);
        return start.scatter_add(1, Pixels.unsqueeze(0).expand(channels, -1), flat).narrow(1, 0, Areas.shape[0]);
    }

    /// <param name="values"><c>[N, K, H, W]</c>.</param>
    /// <returns><c>[K, S]</c>; zero where a superpixel has no pixels.</returns>
    public Tensor Mean(Tensor values) => Sum(values) / Areas.clamp_min(1);

    /// <summary>Pools answers of a whole batch.</summary>
    /// <param name="logits"><c>[N, K, H, W]</c>.</param>
    public SuperpixelScores Score(Tensor logits) => new(Scores(Mean(Values(logits))), Weights) { Heads = Heads };

    /// <summary>Pools answers that are known for some pixels only; superpixels known by less than half do not count.</summary>
    /// <param name="logits"><c>[N, K, H, W]</c>.</param>
    /// <param name="known"><c>[N, 1, H, W]</c>, 1 where the answer is known and 0 elsewhere.</param>
    public SuperpixelScores Score(Tensor logits, Tensor known)
    {
        var areas = Sum(known).squeeze(0);
        var weights = Counts * (areas >= Areas * 0.5).to(Areas.dtype);
        return new SuperpixelScores(Scores(Sum(Values(logits) * known) / areas.clamp_min(1)), weights / weights.sum().clamp_min(1)) { Heads = Heads };
    }

    /// <summary>The image each superpixel lies in.</summary>
    /// <param name="images">N.</param>
    /// <returns><c>[S]</c>, int64.</returns>
    public Tensor ImageOf(long images)
    {
        var number = arange(images, dtype: ScalarType.Int64, device: Pixels.device).repeat_interleave(Pixels.shape[0] / images);
        return zeros(Areas.shape[0] + 1, dtype: ScalarType.Int64, device: Pixels.device).scatter(0, Pixels, number).narrow(0, 0, Areas.shape[0]);
    }

    private Tensor Values(Tensor logits) => Quantity == PooledQuantity.Logits
        ? logits
        : Heads.Sum() == logits.shape[1]
            ? cat([.. logits.split([.. Heads], 1).Select(head => functional.softmax(head, 1))], 1)
            : functional.softmax(logits, 1);

    // Logarithms of probabilities are scores of the same probabilities. The slope at 0 would be infinite.
    private Tensor Scores(Tensor pooled) => Quantity == PooledQuantity.Logits ? pooled : pooled.clamp_min(1e-12).log();
}
