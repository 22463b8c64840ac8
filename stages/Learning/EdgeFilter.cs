using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace InMARS.Stages.Learning;

/// <summary>Sobel's two derivatives of the grey image.</summary>
internal sealed class EdgeFilter : IDisposable
{
    private static readonly float[] Across = [1, 0, -1, 2, 0, -2, 1, 0, -1];
    private static readonly float[] Down = [1, 2, 1, 0, 0, 0, -1, -2, -1];
    private static readonly float[] Grey = [0.299f, 0.587f, 0.114f];
    private readonly Tensor _kernel;

    public EdgeFilter(Device device, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var kernel = tensor(Across.Concat(Down).ToArray()).view(2, 1, 3, 3) * tensor(Grey).view(1, 3, 1, 1);
        _kernel = kernel.to(type).to(device).DetachFromDisposeScope();
    }

    /// <param name="images"><c>[N, C, H, W]</c>; the first three bands are red, green and blue.</param>
    /// <returns><c>[N, 2, H, W]</c>; the border is continued, so that it is no edge itself.</returns>
    public Tensor Apply(Tensor images) =>
        functional.conv2d(functional.pad(images.narrow(1, 0, 3), [1, 1, 1, 1], PaddingModes.Replicate), _kernel);

    public void Dispose() => _kernel.Dispose();
}
