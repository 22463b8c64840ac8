using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>Where answers are read while a network learns: at every n-th pixel, straight from the scores of its cells.</summary>
/// <remarks>
/// Sampling the cells bilinearly at a pixel, with their border continued, is what enlarging them gives there; all the
/// other pixels are never computed.
/// </remarks>
/// <param name="Step">n; 1 reads every pixel.</param>
/// <param name="Cell">Pixels that a score stands for, along one side; 0 where scores are stretched over the image, however many they are.</param>
internal sealed record AnswerPlaces(int Step = 1, int Cell = 0)
{
    /// <summary>Places for the scores that a network gives for its cells.</summary>
    public static AnswerPlaces Of(NetworkOptions network, int step) => new(step, network.KeepsPlace ? network.Stride : 0);

    /// <summary>Every n-th pixel of <c>[N, H, W, ...]</c>, from the middle of the first n on.</summary>
    public Tensor Thin(Tensor map) => Step == 1 ? map : Thin(Thin(map, 1), 2);

    /// <summary>Scores of images that nothing has moved.</summary>
    /// <param name="scores"><c>[N, K, h, w]</c>.</param>
    /// <param name="images"><c>[N, C, H, W]</c>, what they are scores of.</param>
    /// <returns><c>[N, K, H / n, W / n]</c>; differentiable.</returns>
    /// <remarks>These places are a grid of rows and columns: two products of matrices, which is faster than to sample one by one.</remarks>
    public Tensor Read(Tensor scores, Tensor images)
    {
        var (rows, columns) = (Shares(scores.shape[2], images.shape[2], scores), Shares(scores.shape[3], images.shape[3], scores));
        return rows.matmul(scores.matmul(columns.transpose(0, 1)));
    }

    /// <summary>Scores of moved images, back in place.</summary>
    /// <param name="back"><c>[N, H, W, 2]</c>, where to look for each pixel, -1 to 1 across the image.</param>
    /// <returns>Scores <c>[N, K, H / n, W / n]</c>, and which of them lie within the image, <c>[N, 1, H / n, W / n]</c>.</returns>
    public (Tensor Scores, Tensor Inside) ReadBack(Tensor scores, Tensor back)
    {
        var thin = Thin(back);
        return (Warp.Sample(scores, OverCells(thin, back.shape[1], back.shape[2], scores), GridSamplePaddingMode.Border), Warp.Inside(thin));
    }

    /// <summary>What each place of one side takes of each cell, <c>[pixels / n, cells]</c>; rows sum to 1.</summary>
    private Tensor Shares(long cells, long pixels, Tensor like)
    {
        var length = Cell == 0 ? (double)pixels / cells : Cell;
        var places = (Thin(arange(pixels, dtype: like.dtype, device: like.device), 0) + 0.5) / length;
        var cell = arange(cells, dtype: like.dtype, device: like.device);
        return ((places - 0.5).clamp(0, cells - 1).unsqueeze(1) - cell).abs().neg().add(1).clamp_min(0);
    }

    /// <summary>From -1 to 1 across the image to -1 to 1 across its cells, which may reach beyond it.</summary>
    private Tensor OverCells(Tensor places, long height, long width, Tensor scores)
    {
        var (down, across) = (Cell * scores.shape[2], Cell * scores.shape[3]);
        if (Cell == 0 || (down == height && across == width))
        {
            return places;
        }

        var shares = tensor(new[] { (double)width / across, (double)height / down }, dtype: places.dtype, device: places.device);
        return ((places + 1) * shares) - 1;
    }

    private Tensor Thin(Tensor map, int axis)
    {
        var length = map.shape[axis];
        return map.slice(axis, Math.Min(Step / 2, length - 1), length, Step);
    }
}
