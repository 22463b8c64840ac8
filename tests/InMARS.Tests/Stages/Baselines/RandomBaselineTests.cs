using InMARS.Pipeline.Stages;
using InMARS.Stages.Baselines;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Baselines;

public class RandomBaselineTests
{
    [Fact]
    public void The_seed_of_the_item_is_all_that_counts()
    {
        var map = SyntheticTiles.Cut(1);

        Assert.Equal(
            RandomBaseline.Draw(map, 3, new ItemContext(0, 0, 5, 0)).Clusters,
            RandomBaseline.Draw(map, 3, new ItemContext(9, 1, 5, 0.5)).Clusters);
        Assert.NotEqual(
            RandomBaseline.Draw(map, 3, new ItemContext(0, 0, 5, 0)).Clusters,
            RandomBaseline.Draw(map, 3, new ItemContext(0, 0, 6, 0)).Clusters);
    }

    [Fact]
    public void Each_superpixel_gets_one_cluster_and_all_clusters_their_share()
    {
        var map = SyntheticTiles.Cut(1);
        var used = new int[3];

        for (var seed = 0UL; seed < 50; seed++)
        {
            var clusters = RandomBaseline.Draw(map, 3, new ItemContext(0, 0, seed, 0)).Clusters;
            var clusterOf = map.Labels.Zip(clusters).Distinct().ToList();
            Assert.Equal(map.Count, clusterOf.Count);
            clusterOf.ForEach(c => used[c.Second]++);
        }

        Assert.All(used, n => Assert.InRange(n / (50.0 * map.Count), 0.31, 0.36));
    }
}
