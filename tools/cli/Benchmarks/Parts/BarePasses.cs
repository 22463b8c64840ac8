using InMARS.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Cli.Benchmarks.Parts;

/// <summary>What a step of training cannot do without: passes through the network, with the shortest way back there is.</summary>
/// <param name="images"><c>[N, C, H, W]</c>; borrowed.</param>
internal sealed class BarePasses(Segmenter network, Tensor images)
{
    /// <summary>There, and nothing kept.</summary>
    public void Forward()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        network.TrainCells(images).Dispose();
    }

    /// <summary>There and back to the weights.</summary>
    public void ToWeights()
    {
        using var scope = NewDisposeScope();
        network.TrainCells(images).sum().backward();
    }

    /// <summary>There and back to the pixels.</summary>
    public void ToPixels()
    {
        using var scope = NewDisposeScope();
        var pixels = images.detach().requires_grad_(true);
        _ = autograd.grad([network.TrainCells(pixels).sum()], [pixels]);
    }
}
