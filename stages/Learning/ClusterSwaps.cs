using System.Globalization;
using InMARS.Pipeline.Stages;
using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>What random perturbations swap between the clusters of each head, and which division of the images is saved by that.</summary>
/// <param name="heads">Of K clusters.</param>
/// <param name="clusters">K.</param>
/// <param name="overclusters">Of the head behind them.</param>
internal sealed class ClusterSwaps(int heads, int clusters, int overclusters)
{
    /// <summary>Swaps are counted at every so many steps.</summary>
    public const int Every = 2;

    private const double Gain = 0.1;
    private readonly SwapTable[] _heads = [.. Enumerable.Range(0, heads).Select(_ => new SwapTable(clusters))];
    private readonly SwapTable _over = new(overclusters);

    /// <param name="clean">Of all heads, that of the over-clustering head last.</param>
    /// <param name="perturbed">The same under a perturbation.</param>
    public void Note(SuperpixelScores clean, SuperpixelScores perturbed)
    {
        using var scope = NewDisposeScope();
        var areas = cat([.. Tables.Select(t => t.Table.Count(clean.Head(t.First, t.Count), perturbed.Head(t.First, t.Count)))]).cpu().data<double>().ToArray();
        var at = 0;
        foreach (var (table, _, count) in Tables)
        {
            table.Add(areas.AsSpan(at, count * count));
            at += count * count;
        }
    }

    /// <summary>What there is to choose from.</summary>
    /// <param name="leading">The head that segments otherwise.</param>
    public MergingChoice Choose(int leading)
    {
        var merged = _over.Merged(clusters);
        var (joined, single) = (_over.Constancy(merged), _heads[leading].Constancy([.. Enumerable.Range(0, clusters)]));
        return new MergingChoice(merged, joined, single, joined > single + Gain);
    }

    public void Carry(StateArchive state)
    {
        _over.Carry(state.Within("over"));
        foreach (var (number, head) in _heads.Index())
        {
            head.Carry(state.Within($"head-{number}"));
        }
    }

    private IEnumerable<(SwapTable Table, int First, int Count)> Tables =>
        [.. _heads.Select((table, h) => (table, h * clusters, clusters)), (_over, heads * clusters, overclusters)];
}

/// <summary>The clusters of the over-clustering head, joined to K, against those of the head that leads.</summary>
/// <param name="Merged">Which of the K each of its clusters belongs to.</param>
/// <param name="Joined">Constancy of the joined clusters, see <see cref="SwapTable.Constancy"/>.</param>
/// <param name="Single">That of the leading head's.</param>
/// <param name="Merges">
/// Whether the joined ones are saved: where they hold better than those of the head by a tenth and more. The head then divides, to be even, what
/// the perturbations change into one another.
/// </param>
internal sealed record MergingChoice(int[] Merged, double Joined, double Single, bool Merges)
{
    /// <summary>A sentence for the report.</summary>
    /// <param name="leading">The leading head, from 0.</param>
    /// <param name="overclusters">Of the over-clustering head.</param>
    public string Sentence(int leading, int overclusters)
    {
        var clusters = Merged.Max() + 1;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Saved: {(Merges ? $"{overclusters} clusters joined to {clusters}" : $"the {clusters} clusters of head {leading + 1}")}. Under random perturbations the joined ones keep {Joined:0.000} of the area beyond chance, those of head {leading + 1} {Single:0.000}.");
    }
}
