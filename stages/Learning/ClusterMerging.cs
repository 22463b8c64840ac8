namespace InMARS.Stages.Learning;

/// <summary>
/// Joins K' clusters to K by what perturbations swap: clusters between which the same superpixels go to and fro are one thing
/// to the network, however even their sizes had to be. What is left may be of any size.
/// </summary>
/// <remarks>
/// Joined is, again and again, the pair of the greatest exchange: probability of the pair over (size of the smaller) times
/// (size of the larger)^0.4. With exponent 0, the share of the smaller that goes to the larger, one cluster swallows all others at
/// its borders; with 1, the ratio to chance, sizes stay even. Clusters below a fifth of an even share come first.
/// </remarks>
internal static class ClusterMerging
{
    private const double Exponent = 0.4;
    private const double Small = 0.2;

    /// <param name="together"><c>[K', K']</c>, symmetric, sum 1: probability that an answer and the perturbed one are these clusters.</param>
    /// <param name="clusters">K, at most K'.</param>
    /// <returns>For each of the K' clusters one of K, numbered in the order of their first members.</returns>
    public static int[] Merge(double[,] together, int clusters)
    {
        var joint = (double[,])together.Clone();
        var group = Enumerable.Range(0, joint.GetLength(0)).ToArray();
        for (var left = group.Distinct().Order().ToList(); left.Count > clusters;)
        {
            var (kept, gone) = Pair(joint, left, Small / clusters);
            Join(joint, left, kept, gone);
            left.Remove(gone);
            group = Array.ConvertAll(group, g => g == gone ? kept : g);
        }

        var names = group.Distinct().ToList();
        return Array.ConvertAll(group, g => names.IndexOf(g));
    }

    /// <summary>The joint of groups.</summary>
    /// <param name="group">Group of each cluster, from 0.</param>
    public static double[,] Grouped(double[,] together, IReadOnlyList<int> group)
    {
        var groups = group.Max() + 1;
        var sums = new double[groups, groups];
        for (var a = 0; a < group.Count; a++)
        {
            for (var b = 0; b < group.Count; b++)
            {
                sums[group[a], group[b]] += together[a, b];
            }
        }

        return sums;
    }

    /// <summary>Two clusters, the one that comes first first.</summary>
    private static (int Kept, int Gone) Pair(double[,] joint, List<int> left, double small)
    {
        var sizes = left.ToDictionary(a => a, a => left.Sum(b => joint[a, b]));
        var least = left.MinBy(a => sizes[a]);
        var (a, b) = sizes[least] < small
            ? (least, left.Where(other => other != least).MaxBy(other => Exchange(joint, sizes, least, other)))
            : Pairs(left).MaxBy(pair => Exchange(joint, sizes, pair.A, pair.B));
        return (Math.Min(a, b), Math.Max(a, b));
    }

    private static IEnumerable<(int A, int B)> Pairs(List<int> left) =>
        from a in left from b in left where a < b select (a, b);

    private static double Exchange(double[,] joint, Dictionary<int, double> sizes, int a, int b)
    {
        var (smaller, larger) = (Math.Min(sizes[a], sizes[b]), Math.Max(sizes[a], sizes[b]));
        return joint[a, b] / (Math.Max(smaller, double.Epsilon) * Math.Pow(Math.Max(larger, double.Epsilon), Exponent));
    }

    private static void Join(double[,] joint, List<int> left, int kept, int gone)
    {
        foreach (var other in left)
        {
            joint[kept, other] += joint[gone, other];
        }

        foreach (var other in left)
        {
            joint[other, kept] += joint[other, gone];
        }
    }
}
