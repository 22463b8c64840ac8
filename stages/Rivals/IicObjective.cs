using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Learning;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace InMARS.Stages.Rivals;

/// <summary>
/// Invariant information clustering of pixels: the answers for each image and for its second view. Superpixels have no
/// part in the loss; the figures of a step and the prediction pool over them, as those of every learner do.
/// </summary>
/// <remarks>
/// Ji et al., ICCV 2019. Differences to what its authors ran: network, optimiser, budget and colour jitter are those of
/// this product; no mask made of true labels; the running normalisation statistics follow the first view only.
/// </remarks>
internal sealed class IicObjective(Segmenter network, TrainingOptions training, IicOptions options, Generator random) : IObjective
{
    private readonly IReadOnlyList<TrainedHead> _heads = TrainedHead.Of(training);

    object IObjective.Options => options;

    public Views Add(ImageBatch batch, StepMoment moment, BatchMoments moments)
    {
        var images = batch.Pixels.to(network.Device);
        var view = SecondView.Of(images, options.View, random);
        var first = network.Train(images, moments, network.Lift(images, random));
        var second = view.Back(network.Train(view.Images, lift: network.Lift(images, random)));
        var loss = TrainedIn(moment.Epoch).Select(head => Loss(first, second, head)).Aggregate((a, b) => a + b);
        loss.backward();
        var pooling = SuperpixelPooling.Over(batch.Superpixels.to(network.Device), batch.SuperpixelCount);
        return new Views(loss.detach(), pooling.Score(first.narrow(1, 0, network.Clusters).detach()));
    }

    /// <summary>Two views of all pixels.</summary>
    public static StepLoad Views { get; } = new(Passes: 2, Step: 1);

    public StepLoad Load => Views;

    /// <remarks>It keeps nothing.</remarks>
    public void Carry(StateArchive state)
    {
    }

    /// <summary>The heads that an epoch trains.</summary>
    internal IEnumerable<TrainedHead> TrainedIn(int epoch) =>
        options.Heads == HeadOrder.Together || _heads.Count == 1 ? _heads : [_heads[(epoch + 1) % 2]];

    private Tensor Loss(Tensor first, Tensor second, TrainedHead head)
    {
        // Mirrored images cover their frame, so every pixel is known in both views.
        var mask = ones([first.shape[0], 1, first.shape[2], first.shape[3]], dtype: first.dtype, device: first.device);
        var lambda = head.First == 0 ? options.Lambda : options.OverLambda;
        return IidLoss.Of(Probabilities(first, head), Probabilities(second, head), mask, options.Displacement, lambda) * head.Weight;
    }

    private static Tensor Probabilities(Tensor logits, TrainedHead head) => functional.softmax(logits.narrow(1, head.First, head.Count), 1);
}
