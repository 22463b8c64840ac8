using CsCheck;
using InMARS.Stages.Rivals;

namespace InMARS.Tests.Stages.Rivals;

public class ClusterMatchingTests
{
    [Fact]
    public void New_clusters_take_the_numbers_of_those_they_cover()
    {
        var numbers = ClusterMatching.Numbers([0, 0, 1, 1, 2, -1], [2, 2, 0, 0, 1, 0], [5, 5, 5, 5, 5, 900], 3);

        Assert.Equal([1, 2, 0], numbers);
    }

    [Fact]
    public void Area_decides_and_not_the_count_of_points() =>
        Assert.Equal([0, 1], ClusterMatching.Numbers([0, 1, 1, 1], [0, 0, 0, 0], [100, 1, 1, 1], 2));

    [Fact]
    public void A_renumbered_clustering_is_always_found_again() =>
        Gen.Select(Gen.Int[2, 8], Gen.Int).Sample((clusters, seed) =>
        {
            var random = new Random(seed);
            int[] before = [.. Enumerable.Range(0, clusters), .. Enumerable.Range(0, 50).Select(_ => random.Next(clusters))];
            var shuffled = Enumerable.Range(0, clusters).ToArray();
            random.Shuffle(shuffled);
            var now = Array.ConvertAll(before, cluster => shuffled[cluster]);

            var numbers = ClusterMatching.Numbers(before, now, [.. before.Select(_ => 3f)], clusters);

            return before.SequenceEqual(now.Select(cluster => numbers[cluster]));
        });

    [Theory]
    [InlineData(new[] { 0, 1, -1 }, new[] { 0, 0, 0 }, 0.25)]
    [InlineData(new[] { 0, 1, -1 }, new[] { 0, 1, 2 }, 1)]
    [InlineData(new[] { -1, -1, -1 }, new[] { 0, 1, 2 }, 0)]
    public void What_was_kept_is_a_share_of_the_area_that_had_a_cluster(int[] before, int[] now, double kept) =>
        Assert.Equal(kept, ClusterMatching.Kept(before, now, [1, 3, 50]));
}
