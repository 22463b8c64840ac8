using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace InMARS.Stages.Learning;

/// <summary>Sobel's two derivatives of the grey image, not scaled.</summary>
internal sealed class EdgeFilter : IDisposable
{
    private static readonly float[] Across = [1, 0, -1, 2, 0, -2, 1, 0, -1];
    private static readonly float[] Down = [1, 2, 1, 0, 0, 0, -1, -2, -1];
    private static readonly float[] Grey = [0.299f, 0.587f, 0.114f];
    private readonly Tensor _kernel;
    private readonly PaddingModes _padding;

    /// <param name="zeroBorder">Whether zeros surround the image, as in the published protocol; otherwise its border is continued, so that it is no edge itself.</param>
    public EdgeFilter(Device device, ScalarType type, bool zeroBorder = false)
    {
        _padding = zeroBorder ? PaddingModes.Constant : PaddingModes.Replicate;
        using var scope = NewDisposeScope();
        var kernel = tensor(Across.Concat(Down).ToArray()).view(2, 1, 3, 3) * tensor(Grey).view(1, 3, 1, 1);
        _kernel = kernel.to(type).to(device).DetachFromDisposeScope();
    }

    /// <param name="images"><c>[N, C, H, W]</c>; the first three bands are red, green and blue.</param>
    /// <returns>Across and down, <c>[N, 2, H, W]</c>.</returns>
    public Tensor Apply(Tensor images) =>
        functional.conv2d(functional.pad(images.narrow(1, 0, 3), [1, 1, 1, 1], _padding), _kernel);

    public void Dispose() => _kernel.Dispose();
}
