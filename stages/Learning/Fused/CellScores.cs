using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning.Fused;

/// <summary>Scores of the cells of one image. Its memory is that of the network that gave it, and serves it again for the next image.</summary>
/// <param name="Map">Scores of <paramref name="Clusters"/> clusters, and channels that hold nothing behind them.</param>
/// <param name="Cell">Pixels that a cell stands for, along one side; 0 where scores are stretched over the image, however many they are.</param>
internal sealed record CellScores(CellMap Map, int Clusters, int Cell)
{
    /// <summary>Scores of groups of clusters, each the greatest of its parts.</summary>
    /// <param name="group">Group of each cluster, in <c>[0, groups)</c>; null where every cluster stands for itself.</param>
    public CellScores Joined(IReadOnlyList<int>? group, int groups)
    {
        if (group is null)
        {
            return this;
        }

        var greatest = new float[groups];
        for (var i = 0; i < Map.Height * Map.Width; i++)
        {
            Join(Map.Values.AsSpan(i * Map.Channels, Map.Channels), group, greatest);
        }

        return this with { Clusters = groups };
    }

    /// <returns><c>[K, h, w]</c>; the caller owns it.</returns>
    public Tensor ToTensor()
    {
        using var scope = NewDisposeScope();
        var cells = tensor(Map.Values.AsSpan(0, Map.Height * Map.Width * Map.Channels).ToArray()).view(Map.Height, Map.Width, Map.Channels);
        return cells.narrow(2, 0, Clusters).permute(2, 0, 1).contiguous().MoveToOuterDisposeScope();
    }

    private static void Join(Span<float> scores, IReadOnlyList<int> group, float[] greatest)
    {
        Array.Fill(greatest, float.NegativeInfinity);
        for (var k = 0; k < group.Count; k++)
        {
            greatest[group[k]] = Math.Max(greatest[group[k]], scores[k]);
        }

        greatest.CopyTo(scores);
    }
}
