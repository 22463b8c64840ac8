using System.Runtime.InteropServices;
using InMARS.Pipeline.Stages;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>
/// How often perturbations move superpixels from one cluster of the over-clustering head to another, over the steps of late,
/// and which of its clusters are one by that.
/// </summary>
/// <param name="overclusters">K'.</param>
/// <param name="clusters">K.</param>
internal sealed class SwapTable(int overclusters, int clusters)
{
    /// <summary>Swaps are counted at every so many steps.</summary>
    public const int Every = 2;

    private const double Fading = 0.95;
    private const double Stays = 0.5;
    private readonly double[,] _probable = new double[overclusters, overclusters];
    private readonly double[,] _chosen = new double[overclusters, overclusters];

    /// <param name="clean">Of the over-clustering head alone, <c>[K', S]</c>.</param>
    /// <param name="perturbed">The same under a perturbation; its weights say what counts.</param>
    public void Note(SuperpixelScores clean, SuperpixelScores perturbed)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var probable = (clean.LogProbabilities.exp() * perturbed.Weights).matmul(perturbed.LogProbabilities.exp().t());
        var pairs = (clean.Logits.argmax(0) * overclusters) + perturbed.Logits.argmax(0);
        var chosen = zeros(overclusters * overclusters, dtype: probable.dtype, device: probable.device).scatter_add(0, pairs, perturbed.Weights);
        var values = stack([probable.flatten(), chosen]).to(ScalarType.Float64).cpu().data<double>().ToArray();
        Add(_probable, values.AsSpan(0, overclusters * overclusters));
        Add(_chosen, values.AsSpan(overclusters * overclusters));
    }

    /// <summary>
    /// The K clusters that those of the head are joined to; null where one of the K would lose more than half of its superpixels to others
    /// under the perturbations, or has none, so that it is no cluster.
    /// </summary>
    public int[]? Merged()
    {
        var merged = ClusterMerging.Merge(Symmetric(_probable), clusters);
        var moves = ClusterMerging.Grouped(_chosen, merged);
        return Enumerable.Range(0, clusters).All(k => moves[k, k] > Stays * Enumerable.Range(0, clusters).Sum(to => moves[k, to])) ? merged : null;
    }

    public void Carry(StateArchive state)
    {
        Carry(state, "probable", _probable);
        Carry(state, "chosen", _chosen);
    }

    private static void Carry(StateArchive state, string name, double[,] table)
    {
        var values = MemoryMarshal.CreateSpan(ref table[0, 0], table.Length);
        state.Numbers<double>(name, values).CopyTo(values);
    }

    private void Add(double[,] table, ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            ref var entry = ref table[i / overclusters, i % overclusters];
            entry = (entry * Fading) + values[i];
        }
    }

    private static double[,] Symmetric(double[,] table)
    {
        var (n, sum) = (table.GetLength(0), Math.Max(table.Cast<double>().Sum(), double.Epsilon));
        var even = new double[n, n];
        for (var a = 0; a < n; a++)
        {
            for (var b = 0; b < n; b++)
            {
                even[a, b] = (table[a, b] + table[b, a]) / 2 / sum;
            }
        }

        return even;
    }
}
