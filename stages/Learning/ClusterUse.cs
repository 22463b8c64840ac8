using InMARS.Pipeline.Stages;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>Share of the superpixels, as their weights count, that each cluster has taken of late. Owns its tensor.</summary>
internal sealed class ClusterUse : IDisposable
{
    /// <summary>What is left of a step's weight at the next one.</summary>
    public const double Fading = 0.95;

    private readonly double _decay;
    private readonly Tensor _area;

    /// <param name="decay">What is left of a step's weight at the next one; 1 to weigh all alike until <see cref="Clear"/>.</param>
    public ClusterUse(int clusters, Device device, double decay = Fading)
    {
        _decay = decay;
        _area = zeros(clusters, device: device).DetachFromDisposeScope();
    }

    public void Add(SuperpixelScores scores)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using Scalar decay = _decay;
        _area.mul_(decay).add_(zeros_like(_area).scatter_add(0, scores.Logits.argmax(0), scores.Weights));
    }

    /// <summary>Shares of the clusters, sum 1.</summary>
    public double[] Shares()
    {
        using var scope = NewDisposeScope();
        var area = _area.cpu().data<float>().ToArray();
        var sum = Math.Max(area.Sum(), float.Epsilon);
        return [.. area.Select(a => (double)a / sum)];
    }

    public void Clear()
    {
        using var _ = no_grad();
        _area.zero_();
    }

    public void Carry(StateArchive state) => state.Tensor("area", _area);

    public void Dispose() => _area.Dispose();
}
