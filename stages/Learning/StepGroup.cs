using InMARS.Pipeline.Stages;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>The batches of one step, from the first one until the weights move. Owns what it keeps of them.</summary>
internal sealed class StepGroup : IDisposable
{
    private readonly List<SuperpixelScores> _answers = [];
    private readonly List<Tensor> _figures = [];

    public BatchMoments Moments { get; } = new();

    public int Batches => _answers.Count;

    /// <summary>What the network said of each batch.</summary>
    public IReadOnlyList<SuperpixelScores> Answers => _answers;

    /// <summary>The item of the last batch.</summary>
    public ItemContext Last { get; private set; }

    public void Add(Views views, ItemContext item)
    {
        _figures.Add(StepFigures.Of(views).DetachFromDisposeScope());
        _answers.Add(new(views.Clean.Logits.DetachFromDisposeScope(), views.Clean.Weights.DetachFromDisposeScope()));
        Last = item;
    }

    /// <summary>Means over the batches.</summary>
    public StepFigures Read(Tensor gradientNorm) => StepFigures.Read(stack(_figures).mean([0L]), gradientNorm);

    public void Dispose()
    {
        Moments.Dispose();
        foreach (var tensor in _figures.Concat(_answers.SelectMany(a => new[] { a.Logits, a.Weights })))
        {
            tensor.Dispose();
        }
    }
}
