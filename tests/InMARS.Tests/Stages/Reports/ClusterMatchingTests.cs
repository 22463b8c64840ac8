using CsCheck;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Reports;

namespace InMARS.Tests.Stages.Reports;

public class ClusterMatchingTests
{
    [Fact]
    public void Clusters_are_paired_by_the_pixels_they_share()
    {
        // Old 0 has 3 pixels, all in new 1, which has 4; old 1 has 3, of which 2 are new 0's only ones.
        var pairs = Match([0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 1]);

        Assert.Equal([new ClusterPair(0, 1, 2 / 3.0), new ClusterPair(1, 0, 3 / 4.0)], pairs);
    }

    [Fact]
    public void Renamed_clusters_are_all_found_again() =>
        Gen.Select(Gen.UShort[0, 4].Array[40, 80], Gen.Shuffle(new ushort[] { 0, 1, 2, 3, 4 })).Sample((old, names) =>
        {
            var made = Array.ConvertAll(old, c => names[c]);
            return Match(old, made, (5, 5)).All(p => p.Old is { } o ? names[o] == p.New && p.Overlap == 1 : !made.Contains((ushort)p.New));
        });

    [Fact]
    public void Clusters_that_share_no_pixel_are_no_pair()
    {
        var pairs = Match([0, 0], [0, 0], (2, 2));

        Assert.Equal([new ClusterPair(0, 0, 1), new ClusterPair(1, null, 0)], pairs);
    }

    [Fact]
    public void Names_and_colours_go_along_and_the_rest_gets_what_is_free()
    {
        var old = new ClusterLegend([new("road", "#ff0000"), new("cluster-1", Palette.Colour(0))]);

        var legend = ClusterMatching.Carry(old, [new(0, 1, 0.9), new(1, null, 0), new(2, 0, 0.8), new(3, null, 0)]);

        Assert.Equal(
            [new("cluster-1", Palette.Colour(0)), new("cluster-0", Palette.Colour(1)), new("road", "#ff0000"), new("cluster-2", Palette.Colour(2))],
            legend.Clusters);
    }

    [Fact]
    public void A_name_that_is_gone_is_not_given_to_another_cluster()
    {
        var old = ClusterLegend.Default(2);

        var legend = ClusterMatching.Carry(old, [new(0, 1, 0.9), new(1, null, 0)]);

        Assert.Equal(["cluster-1", "cluster-2"], legend.Clusters.Select(c => c.Name));
    }

    [Fact]
    public void Two_clusters_may_carry_one_name() =>
        Assert.Equal(
            ["road", "road"],
            ClusterMatching.Carry(new([new("road", "#000001"), new("road", "#000002")]), [new(0, 1, 1), new(1, 0, 1)]).Clusters.Select(c => c.Name));

    private static IReadOnlyList<ClusterPair> Match(ushort[] old, ushort[] made, (int Old, int New)? size = null)
    {
        var counts = new ConfusionMatrix(size?.Old ?? 0, size?.New ?? 0);
        counts.Add(old, made);
        return ClusterMatching.Of(counts);
    }
}
