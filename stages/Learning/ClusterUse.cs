using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>Share of the superpixels, as their weights count, that each cluster has taken of late. Owns its tensor.</summary>
internal sealed class ClusterUse : IDisposable
{
    private const double Decay = 0.95;
    private readonly Tensor _area;

    public ClusterUse(int clusters, Device device) => _area = zeros(clusters, device: device).DetachFromDisposeScope();

    public void Add(SuperpixelScores scores)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var area = zeros_like(_area).scatter_add(0, scores.Logits.argmax(0), scores.Weights);
        _area.mul_(Decay).add_(area, 1 - Decay);
    }

    /// <summary>Shares of the clusters, sum 1.</summary>
    public double[] Shares()
    {
        using var scope = NewDisposeScope();
        var area = _area.cpu().data<float>().ToArray();
        var sum = Math.Max(area.Sum(), float.Epsilon);
        return [.. area.Select(a => (double)a / sum)];
    }

    public void Dispose() => _area.Dispose();
}
