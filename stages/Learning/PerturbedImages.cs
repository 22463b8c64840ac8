using InMARS.Stages.Batching;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>Images under the perturbations of an objective, to be looked at. Its tensors belong to the scope of the caller.</summary>
/// <param name="Clean">Answers of the head that segments for the images as they are.</param>
internal sealed record PerturbedImages(SuperpixelScores Clean)
{
    /// <summary>Adversarial noise, <c>[N, C, H, W]</c>; none where that is off.</summary>
    public Tensor? Noise { get; init; }

    /// <summary>The moved images, <c>[N, C, H, W]</c>; none where nothing is moved.</summary>
    public Tensor? Moved { get; init; }

    /// <summary>Answers under each perturbation, those of the moved images moved back, with what was done in words.</summary>
    public IReadOnlyList<(string Under, SuperpixelScores Scores)> After { get; init; } = [];

    /// <summary>Images that nothing perturbs.</summary>
    public static PerturbedImages Plain(Segmenter network, ImageBatch batch)
    {
        using var _ = no_grad();
        var pooling = SuperpixelPooling.Over(batch.Superpixels.to(network.Device), batch.SuperpixelCount);
        return new PerturbedImages(pooling.Score(network.Lead(network.Train(batch.Pixels.to(network.Device)))));
    }
}
