using static TorchSharp.torch;

namespace InMARS.Stages.Rivals;

/// <summary>Principal components, scaled to variance 1, of vectors that then get length 1. Owns its tensors.</summary>
/// <remarks>What Caron et al., ECCV 2018, do to features before k-means.</remarks>
/// <param name="Mean"><c>[F]</c>.</param>
/// <param name="Projection"><c>[F, D]</c>.</param>
internal sealed record Whitening(Tensor Mean, Tensor Projection) : IDisposable
{
    /// <param name="points"><c>[S, F]</c>; borrowed.</param>
    /// <param name="most">Components to keep, at most: those of the greatest variance.</param>
    public static Whitening Of(Tensor points, int most)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var mean = points.mean([0L]);
        var centred = (points - mean).to(ScalarType.Float64).cpu();
        var (variances, axes) = linalg.eigh(centred.transpose(0, 1).matmul(centred) / points.shape[0]);

        // Variances come in ascending order. The floor keeps what is mere rounding from being blown up to 1.
        var kept = Math.Min(most, variances.shape[0]);
        var first = variances.shape[0] - kept;
        var scales = variances.narrow(0, first, kept).maximum(variances.max().abs() * 1e-5 + 1e-12).sqrt();
        var projection = (axes.narrow(1, first, kept) / scales).to(points.dtype).to(points.device);
        return new Whitening(mean.DetachFromDisposeScope(), projection.DetachFromDisposeScope());
    }

    /// <param name="points"><c>[S, F]</c>; borrowed.</param>
    /// <returns><c>[S, D]</c>, rows of length 1, or 0 where a point is the mean.</returns>
    public Tensor Apply(Tensor points)
    {
        var moved = (points - Mean).matmul(Projection);
        return moved / moved.square().sum([1L], keepdim: true).sqrt().clamp_min(1e-12);
    }

    public void Dispose()
    {
        Mean.Dispose();
        Projection.Dispose();
    }
}
