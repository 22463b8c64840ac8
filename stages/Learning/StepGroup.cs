using InMARS.Pipeline.Stages;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>The batches of one step, from the first one until the weights move, each whole or in parts. Owns what it keeps of them.</summary>
internal sealed class StepGroup : IDisposable
{
    private readonly List<SuperpixelScores> _answers = [];
    private readonly List<Tensor> _figures = [];
    private readonly List<float> _shares = [];

    public BatchMoments Moments { get; } = new();

    public int Batches { get; private set; }

    /// <summary>Whether there is no gradient yet.</summary>
    public bool IsEmpty => _answers.Count == 0;

    /// <summary>What the network said of each part.</summary>
    public IReadOnlyList<SuperpixelScores> Answers => _answers;

    /// <summary>The item of the last batch.</summary>
    public ItemContext Last { get; private set; }

    /// <summary>Adds a part of a batch; where this fails, nothing was added.</summary>
    /// <param name="moments">What was noted for it; moves here.</param>
    /// <param name="share">Of its batch, above 0 to 1.</param>
    public void Add(Views views, BatchMoments moments, double share)
    {
        _figures.Add(StepFigures.Of(views).DetachFromDisposeScope());
        _answers.Add(new(views.Clean.Logits.DetachFromDisposeScope(), views.Clean.Weights.DetachFromDisposeScope()));
        _shares.Add((float)share);
        Moments.Take(moments);
    }

    /// <summary>All parts of a batch were added.</summary>
    public void Complete(ItemContext item) => (Batches, Last) = (Batches + 1, item);

    /// <summary>Means over the batches.</summary>
    public StepFigures Read(Tensor gradientNorm)
    {
        using var scope = NewDisposeScope();
        var shares = tensor(_shares.ToArray(), device: gradientNorm.device).view(-1, 1);
        return StepFigures.Read((stack(_figures) * shares).sum([0L]) / Batches, gradientNorm);
    }

    public void Dispose()
    {
        Moments.Dispose();
        foreach (var tensor in _figures.Concat(_answers.SelectMany(a => new[] { a.Logits, a.Weights })))
        {
            tensor.Dispose();
        }
    }
}
