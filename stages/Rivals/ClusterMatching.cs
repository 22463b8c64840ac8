using InMARS.Stages.Evaluation;

namespace InMARS.Stages.Rivals;

/// <summary>Gives new clusters the numbers of the old ones that they continue.</summary>
internal static class ClusterMatching
{
    /// <summary>Numbers that leave the greatest area where it was.</summary>
    /// <param name="before">Old cluster of each point; negative where it had none.</param>
    /// <param name="now">New cluster of each point.</param>
    /// <param name="areas">Pixels of each point.</param>
    /// <returns>Old number of each new cluster, a permutation.</returns>
    public static int[] Numbers(IReadOnlyList<int> before, IReadOnlyList<int> now, IReadOnlyList<float> areas, int clusters)
    {
        var shared = new long[clusters, clusters];
        for (var i = 0; i < before.Count; i++)
        {
            if (before[i] >= 0)
            {
                shared[now[i], before[i]] += (long)areas[i];
            }
        }

        return [.. Hungarian.Assign(shared).Select(number => number!.Value)];
    }

    /// <summary>Share of the area of points with an old cluster that keeps its number.</summary>
    public static double Kept(IReadOnlyList<int> before, IReadOnlyList<int> now, IReadOnlyList<float> areas)
    {
        var (kept, all) = (0.0, 0.0);
        for (var i = 0; i < before.Count; i++)
        {
            all += before[i] >= 0 ? areas[i] : 0;
            kept += before[i] == now[i] ? areas[i] : 0;
        }

        return all == 0 ? 0 : kept / all;
    }
}
