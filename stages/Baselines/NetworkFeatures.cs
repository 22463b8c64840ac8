using InMARS.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Baselines;

/// <summary>Which statistics normalise the layers of a network.</summary>
internal enum Statistics
{
    /// <summary>Those of the batch in hand, as in training.</summary>
    Batch,

    /// <summary>The running ones, as in use.</summary>
    Running,
}

/// <summary>What the trunk of a network says of superpixels.</summary>
internal static class NetworkFeatures
{
    // Enlarged features of a whole image would need more memory than the network itself.
    private const long ChannelsAtOnce = 16;

    /// <summary>Mean of the last layer over each superpixel, at the size of the images.</summary>
    /// <param name="network">Borrowed; nothing in it changes.</param>
    /// <param name="images"><c>[N, C, H, W]</c>, 0 to 1; borrowed.</param>
    /// <returns><c>[S, Features]</c>, without gradient; the caller owns it.</returns>
    public static Tensor Of(Segmenter network, Tensor images, SuperpixelPooling pooling, Statistics statistics)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var features = network.Run(images, (layer, x) => statistics == Statistics.Batch ? layer.Train(x, null) : layer.Apply(x));
        var means = features.split(ChannelsAtOnce, 1).Select(part => Mean(network, images, pooling, part)).ToList();
        return cat(means).transpose(0, 1).contiguous().MoveToOuterDisposeScope();
    }

    private static Tensor Mean(Segmenter network, Tensor images, SuperpixelPooling pooling, Tensor features)
    {
        using var scope = NewDisposeScope();
        return pooling.Mean(network.Enlarge(features, images)).MoveToOuterDisposeScope();
    }
}
