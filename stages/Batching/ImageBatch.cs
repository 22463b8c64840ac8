using InMARS.Stages.Superpixels;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Batching;

/// <summary>Images of one size as tensors on the CPU. Owns its tensors; dispose it.</summary>
/// <param name="Items">What the tensors were made of, in the same order.</param>
/// <param name="Pixels"><c>[N, C, H, W]</c>, float32, 0 to 1; C is 3 or 4.</param>
/// <param name="Superpixels">
/// <c>[N, H, W]</c>, int64; numbered through the whole batch, so that image n's superpixels follow those of image n - 1.
/// A pixel whose number is <paramref name="SuperpixelCount"/> belongs to none and does not count.
/// </param>
/// <param name="SuperpixelCount">Superpixels of all images together.</param>
public sealed record ImageBatch(IReadOnlyList<SuperpixelMap> Items, Tensor Pixels, Tensor Superpixels, int SuperpixelCount) : IDisposable
{
    public void Dispose()
    {
        Pixels.Dispose();
        Superpixels.Dispose();
    }
}
