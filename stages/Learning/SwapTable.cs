using System.Runtime.InteropServices;
using InMARS.Pipeline.Stages;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>
/// How often perturbations move superpixels from one cluster of a head to another, over the steps of late. What counts is the
/// cluster that is chosen: one that never is has no part in it.
/// </summary>
/// <param name="clusters">n, of the head.</param>
internal sealed class SwapTable(int clusters)
{
    private const double Fading = 0.95;
    private readonly double[,] _swaps = new double[clusters, clusters];

    /// <summary>Areas that go from each cluster to each.</summary>
    /// <param name="clean">Of this head alone, <c>[n, S]</c>.</param>
    /// <param name="perturbed">The same under a perturbation; its weights say what counts.</param>
    /// <returns><c>[n * n]</c>, for <see cref="Add"/>; the caller owns it.</returns>
    public Tensor Count(SuperpixelScores clean, SuperpixelScores perturbed)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var pairs = (clean.Logits.argmax(0) * clusters) + perturbed.Logits.argmax(0);
        var none = zeros(clusters * clusters, dtype: clean.Logits.dtype, device: clean.Logits.device);
        return none.scatter_add(0, pairs, perturbed.Weights).to(ScalarType.Float64).MoveToOuterDisposeScope();
    }

    /// <param name="areas">What <see cref="Count"/> gives.</param>
    public void Add(ReadOnlySpan<double> areas)
    {
        for (var i = 0; i < areas.Length; i++)
        {
            ref var entry = ref _swaps[i / clusters, i % clusters];
            entry = (entry * Fading) + areas[i];
        }
    }

    /// <summary>The groups that clusters are joined to, as many as asked for.</summary>
    public int[] Merged(int groups) => ClusterMerging.Merge(Symmetric(), groups);

    /// <summary>
    /// Cohen's kappa of clean and perturbed answers: the area that keeps its group beyond what chance lets keep it, 1 where
    /// all does, 0 where no more does than by chance, and where there is but one group.
    /// </summary>
    /// <param name="group">Group of each cluster, from 0.</param>
    public double Constancy(IReadOnlyList<int> group)
    {
        var moves = ClusterMerging.Grouped(_swaps, group);
        var groups = Enumerable.Range(0, moves.GetLength(0)).ToList();
        var all = Math.Max(moves.Cast<double>().Sum(), double.Epsilon);
        var kept = groups.Sum(k => moves[k, k]) / all;
        var chance = groups.Sum(k => groups.Sum(to => moves[k, to]) * groups.Sum(from => moves[from, k])) / all / all;
        return chance >= 1 ? 0 : (kept - chance) / (1 - chance);
    }

    public void Carry(StateArchive state)
    {
        var values = MemoryMarshal.CreateSpan(ref _swaps[0, 0], _swaps.Length);
        state.Numbers<double>("swaps", values).CopyTo(values);
    }

    private double[,] Symmetric()
    {
        var sum = Math.Max(_swaps.Cast<double>().Sum(), double.Epsilon);
        var even = new double[clusters, clusters];
        for (var a = 0; a < clusters; a++)
        {
            for (var b = 0; b < clusters; b++)
            {
                even[a, b] = (_swaps[a, b] + _swaps[b, a]) / 2 / sum;
            }
        }

        return even;
    }
}
