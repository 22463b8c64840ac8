using InMARS.Stages.Batching;
using InMARS.Stages.Images;
using InMARS.Stages.Learning;
using InMARS.Stages.Superpixels;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Cli.Benchmarks.Parts;

/// <summary>The clusters of pixels by the layers of torch, as the stage <c>segment</c> finds them where nothing is fused.</summary>
internal static class UnfusedClusters
{
    public static void Of(Segmenter network, RgbImage image)
    {
        using var scope = NewDisposeScope();
        var map = new SuperpixelMap(image, new int[image.Height * image.Width], 1);
        using var batch = Collation.Collate([map]).Match(b => b, fault => throw new InvalidOperationException(fault.Message));
        _ = network.Apply(batch.Pixels).argmax(1).to(ScalarType.Int32).data<int>().ToArray();
    }
}
