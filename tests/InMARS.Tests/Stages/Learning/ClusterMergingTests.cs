using CsCheck;
using InMARS.Stages.Learning;

namespace InMARS.Tests.Stages.Learning;

public class ClusterMergingTests
{
    [Fact]
    public void Clusters_that_swap_become_one()
    {
        // 0 and 2 swap, 1 and 3 swap, hardly anything goes between the two pairs.
        var together = Joint(new double[,] { { 20, 0, 10, 1 }, { 0, 10, 0, 8 }, { 10, 0, 20, 0 }, { 1, 8, 0, 10 } });

        Assert.Equal([0, 1, 0, 1], ClusterMerging.Merge(together, 2));
    }

    [Fact]
    public void What_is_left_may_be_uneven()
    {
        // Six even clusters: the first four swap in a chain, the last two keep to themselves.
        var table = new double[6, 6];
        for (var i = 0; i < 6; i++)
        {
            table[i, i] = 10;
        }

        foreach (var (a, b) in new[] { (0, 1), (1, 2), (2, 3) })
        {
            table[a, b] = table[b, a] = 3;
        }

        table[3, 4] = table[4, 3] = table[4, 5] = table[5, 4] = 0.1;

        Assert.Equal([0, 0, 0, 0, 1, 2], ClusterMerging.Merge(Joint(table), 3));
    }

    [Fact]
    public void A_cluster_with_hardly_any_area_goes_first()
    {
        // The last one never leaves its place, and is a thousandth of the area.
        var together = Joint(new double[,] { { 40, 9, 0, 0.01 }, { 9, 40, 0, 0 }, { 0, 0, 40, 0 }, { 0.01, 0, 0, 0.1 } });

        Assert.Equal([0, 1, 2, 0], ClusterMerging.Merge(together, 3));
    }

    [Fact]
    public void As_many_clusters_as_there_are_stay_as_they_are() =>
        Assert.Equal([0, 1, 2], ClusterMerging.Merge(Joint(new double[,] { { 5, 4, 0 }, { 4, 5, 0 }, { 0, 0, 1 } }), 3));

    [Fact]
    public void Any_joint_gives_as_many_groups_as_asked_for_and_loses_nothing() =>
        Gen.Select(Gen.Int[2, 9], Gen.Int[1, 9], Gen.Int[0, 1000]).Where(c => c.Item2 <= c.Item1).Sample((clusters, wanted, seed) =>
        {
            var random = new Random(seed);
            var table = new double[clusters, clusters];
            for (var i = 0; i < clusters * clusters; i++)
            {
                var (a, b) = (i / clusters, i % clusters);
                table[a, b] = table[b, a] = random.Next(3) == 0 ? 0 : random.NextDouble();
            }

            var group = ClusterMerging.Merge(Joint(table), wanted);

            Assert.Equal(Enumerable.Range(0, wanted), group.Distinct().Order());
            Assert.Equal(Joint(table).Cast<double>().Sum(), ClusterMerging.Grouped(Joint(table), group).Cast<double>().Sum(), 1e-9);
        }, iter: 200);

    private static double[,] Joint(double[,] table)
    {
        var (n, sum) = (table.GetLength(0), Math.Max(table.Cast<double>().Sum(), 1e-9));
        var joint = new double[n, n];
        for (var i = 0; i < n * n; i++)
        {
            joint[i / n, i % n] = table[i / n, i % n] / sum;
        }

        return joint;
    }
}
