using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace InMARS.Stages.Rivals;

/// <summary>The loss of invariant information clustering: minus the information that one view's pixels give of another's.</summary>
/// <remarks>
/// Ji, Henriques and Vedaldi, "Invariant information clustering for unsupervised image classification and segmentation",
/// ICCV 2019, equation 5, in the form that its authors trained with: one joint distribution for each displacement
/// t in {-T .. T}², symmetrised, and the mean over t of the losses, not the loss of the mean.
/// </remarks>
internal static class IidLoss
{
    // The authors' float_info.epsilon: smaller shares count as this.
    private const double Least = 2.220446049250313e-16;

    /// <summary>-1/(2T+1)² sum_t sum_cc' P_t(c, c') [ln P_t(c, c') - lambda ln P_t(c) - lambda ln P_t(c')].</summary>
    /// <param name="first">Probabilities of one view, <c>[N, K, H, W]</c>.</param>
    /// <param name="second">Probabilities of the other view, warped back so that pixels agree, <c>[N, K, H, W]</c>.</param>
    /// <param name="mask"><c>[N, 1, H, W]</c>, 1 where both are known and 0 elsewhere.</param>
    /// <param name="displacement">T, 0 or more, in pixels.</param>
    /// <param name="lambda">Weight of the marginal entropies: 1 gives minus the mutual information, more asks for even clusters.</param>
    /// <returns>A scalar in nats, -ln K at best where lambda is 1; differentiable in both views.</returns>
    public static Tensor Of(Tensor first, Tensor second, Tensor mask, int displacement, double lambda)
    {
        var joint = Joint(first * mask, second * mask, displacement);
        var rows = joint.sum([2L], keepdim: true).clamp_min(Least).log();
        var columns = joint.sum([3L], keepdim: true).clamp_min(Least).log();
        var shares = joint.clamp_min(Least);
        var side = (2 * displacement) + 1;
        return (shares * (shares.log() - ((rows + columns) * lambda))).sum() / -(side * side);
    }

    /// <summary>Joint distributions of the clusters of pixels t apart, <c>[2T + 1, 2T + 1, K, K]</c>; symmetric, each of sum 1.</summary>
    internal static Tensor Joint(Tensor first, Tensor second, int displacement)
    {
        var pairs = Correlation(first, second, displacement).permute(2, 3, 0, 1);
        var shares = pairs / pairs.sum([2L, 3L], keepdim: true).clamp_min(Least);
        return (shares + shares.transpose(2, 3)) / 2;
    }

    /// <summary>sum_n,u second_n,c(u) first_n,c'(u + t), <c>[K, K, 2T + 1, 2T + 1]</c>; differentiable.</summary>
    /// <remarks>
    /// The authors convolve one view with the other as a filter of its size. The same sums are the slope of
    /// second * conv(first, filters) in the filters, which takes a fraction of the time: filters are small then, in the
    /// slope and in its slopes.
    /// </remarks>
    private static Tensor Correlation(Tensor first, Tensor second, int displacement)
    {
        var side = (2 * displacement) + 1;
        var filters = zeros([second.shape[1], first.shape[1], side, side], dtype: first.dtype, device: first.device, requires_grad: true);
        var product = (functional.conv2d(first, filters, padding: [displacement, displacement]) * second).sum();
        return autograd.grad([product], [filters], create_graph: true)[0];
    }
}
