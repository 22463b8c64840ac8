using InMARS.Stages.Evaluation;

namespace InMARS.Stages.Reports;

/// <summary>A cluster of one run and the cluster of an earlier one that covers the same pixels.</summary>
/// <param name="Old">Null where nothing of the earlier run is left for it.</param>
/// <param name="Overlap">Pixels of both over pixels of either, 0 to 1.</param>
public sealed record ClusterPair(int New, int? Old, double Overlap);

/// <summary>Carries names and colours from one run to another, whose clusters have other numbers.</summary>
public static class ClusterMatching
{
    /// <summary>Pairs clusters one to one, so that as many pixels as possible stay with their name.</summary>
    /// <param name="counts">Pixels of old clusters (rows) and new ones (columns) on the same images.</param>
    /// <returns>One pair for each new cluster, in their order; clusters that share no pixel are no pair.</returns>
    public static IReadOnlyList<ClusterPair> Of(ConfusionMatrix counts)
    {
        var (old, made) = (Sums(counts, rows: true), Sums(counts, rows: false));
        var newOf = Hungarian.Assign(counts.ToArray());
        var pairs = Enumerable.Range(0, counts.Clusters)
            .Where(o => newOf[o] is { } n && counts[o, n] > 0)
            .ToDictionary(o => newOf[o]!.Value, o => o);
        return [.. Enumerable.Range(0, counts.Classes).Select(n => pairs.TryGetValue(n, out var o)
            ? new ClusterPair(n, o, (double)counts[o, n] / (old[o] + made[n] - counts[o, n]))
            : new ClusterPair(n, null, 0))];
    }

    /// <summary>The new run's legend: carried where there is a pair, else a name and a colour that are not taken.</summary>
    /// <param name="pairs">One for each new cluster, in their order.</param>
    public static ClusterLegend Carry(ClusterLegend old, IReadOnlyList<ClusterPair> pairs)
    {
        var carried = pairs.Select(p => p.Old is { } o ? old.Clusters[o] : null).ToList();
        var names = carried.OfType<ClusterStyle>().Select(s => s.Name).Concat(old.Clusters.Select(s => s.Name)).ToHashSet();
        var colours = carried.OfType<ClusterStyle>().Select(s => s.Colour).ToHashSet();
        return new ClusterLegend([.. carried.Select(style => style ?? new ClusterStyle(Free(n => $"cluster-{n}", names), Free(Palette.Colour, colours)))]);
    }

    /// <summary>The first that is not taken; it is taken then. Colours repeat, so beyond all of them any will do.</summary>
    private static string Free(Func<int, string> candidate, HashSet<string> taken) =>
        Enumerable.Range(0, 1 << 17).Select(candidate).FirstOrDefault(taken.Add) ?? candidate(taken.Count);

    private static long[] Sums(ConfusionMatrix counts, bool rows) =>
        [.. Enumerable.Range(0, rows ? counts.Clusters : counts.Classes).Select(i =>
            Enumerable.Range(0, rows ? counts.Classes : counts.Clusters).Sum(j => rows ? counts[i, j] : counts[j, i]))];
}
