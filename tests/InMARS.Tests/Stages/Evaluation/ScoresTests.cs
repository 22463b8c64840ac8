using CsCheck;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Images;

namespace InMARS.Tests.Stages.Evaluation;

public class ScoresTests
{
    private const ushort Ignore = LabelMap.Ignore;

    private static readonly Gen<(ushort[] Clusters, ushort[] Truth)> Maps =
        Gen.Select(Gen.UShort[0, 4].Array[60], Gen.OneOf(Gen.UShort[0, 3], Gen.Const(Ignore)).Array[60]);

    [Fact]
    public void Of_a_perfect_prediction_is_one()
    {
        var scores = Score([0, 1, 2, 2, 1], [0, 1, 2, 2, 1]);

        Assert.Equal(1, scores.OneToOne.Accuracy);
        Assert.Equal(1, scores.OneToOne.MeanIou);
        Assert.Equal(1, scores.OneToOne.MeanClassAccuracy);
        Assert.Equal(1, scores.Majority.Accuracy);
    }

    [Fact]
    public void Of_a_known_three_by_three()
    {
        // Cluster 0: 3 of class 1; cluster 1: 2 of class 0 and 1 of class 1; cluster 2: 1 of class 2 and 1 of class 0.
        var scores = Score([0, 0, 0, 1, 1, 1, 2, 2], [1, 1, 1, 0, 0, 1, 2, 0]).OneToOne;

        Assert.Equal([1, 0, 2], scores.ClassOf);
        Assert.Equal(6 / 8.0, scores.Accuracy);
        Assert.Equal([2 / 4.0, 3 / 4.0, 1 / 2.0], scores.ClassIou);
        Assert.Equal([2 / 3.0, 3 / 4.0, 1.0], scores.ClassAccuracy);
        Assert.Equal(7 / 12.0, scores.MeanIou, 1e-12);
        Assert.Equal(29 / 36.0, scores.MeanClassAccuracy, 1e-12);
    }

    [Fact]
    public void Of_more_clusters_than_classes_counts_the_surplus_as_errors_one_to_one_only()
    {
        var scores = Score([0, 0, 1, 2, 2, 2], [0, 0, 0, 1, 1, 1]);

        Assert.Equal([0, null, 1], scores.OneToOne.ClassOf);
        Assert.Equal(5 / 6.0, scores.OneToOne.Accuracy, 1e-12);
        Assert.Equal([2 / 3.0, 1.0], scores.OneToOne.ClassIou);
        Assert.Equal([0, 0, 1], scores.Majority.ClassOf);
        Assert.Equal(1, scores.Majority.Accuracy);
    }

    [Fact]
    public void Of_fewer_clusters_than_classes_gives_the_class_left_over_zero()
    {
        var scores = Score([0, 0, 1, 1], [0, 0, 1, 2]).OneToOne;

        Assert.Equal(3 / 4.0, scores.Accuracy);
        Assert.Equal([1.0, 1 / 2.0, 0.0], scores.ClassIou);
    }

    [Fact]
    public void Of_skips_ignored_pixels_whatever_their_cluster()
    {
        var scores = Score([0, 1, 7, 7], [1, 0, Ignore, Ignore]);

        Assert.Equal(1, scores.OneToOne.Accuracy);
    }

    [Fact]
    public void Of_leaves_a_class_that_occurs_nowhere_out_of_the_mean()
    {
        var counts = new ConfusionMatrix(2, 3);
        counts.Add([0, 0, 1, 1], [0, 0, 1, 0]);

        var scores = Scores.Of(counts).OneToOne;

        Assert.True(double.IsNaN(scores.ClassIou[2]));
        Assert.Equal((2 / 3.0 + 1 / 2.0) / 2, scores.MeanIou, 1e-12);
    }

    [Fact]
    public void Of_nothing_is_not_a_number_and_no_crash()
    {
        Assert.True(double.IsNaN(Scores.Of(new ConfusionMatrix(3, 2)).OneToOne.Accuracy));
        Assert.True(double.IsNaN(Scores.Of(new ConfusionMatrix(0, 0)).Majority.MeanIou));
    }

    [Fact]
    public void Of_does_not_change_when_clusters_are_renamed() =>
        Gen.Select(Maps, Gen.Shuffle(new ushort[] { 0, 1, 2, 3, 4 })).Sample((maps, names) =>
        {
            var (a, b) = (Score(maps.Clusters, maps.Truth), Score([.. maps.Clusters.Select(c => names[c])], maps.Truth));
            return a.OneToOne.Accuracy.Equals(b.OneToOne.Accuracy) && a.Majority.MeanIou.Equals(b.Majority.MeanIou);
        });

    [Fact]
    public void Of_does_not_depend_on_how_the_pixels_were_split_and_ordered() =>
        Gen.Select(Maps, Gen.Int[0, 60]).Sample((maps, cut) =>
        {
            var (whole, parts, rest) = (new ConfusionMatrix(5, 4), new ConfusionMatrix(5, 4), new ConfusionMatrix(0, 0));
            whole.Add(maps.Clusters, maps.Truth);
            parts.Add(maps.Clusters.AsSpan(cut), maps.Truth.AsSpan(cut));
            rest.Add(maps.Clusters.AsSpan(0, cut), maps.Truth.AsSpan(0, cut));
            parts.Merge(rest);
            return whole.ToArray().Cast<long>().SequenceEqual(parts.ToArray().Cast<long>())
                && (whole.Counted, whole.Ignored) == (parts.Counted, parts.Ignored);
        });

    [Fact]
    public void Majority_is_never_below_one_to_one() =>
        Maps.Sample(maps => Score(maps.Clusters, maps.Truth) is var s
            && (double.IsNaN(s.OneToOne.Accuracy) || s.Majority.Accuracy >= s.OneToOne.Accuracy));

    [Fact]
    public void Evenness_is_one_for_equal_clusters_and_zero_for_one_that_has_all()
    {
        Assert.Equal(1, new Occupancy([5, 5, 5]).Evenness, 1e-12);
        Assert.Equal(0, new Occupancy([0, 9, 0]).Evenness, 1e-12);
        Assert.Equal(0.5, new Occupancy([5, 5, 0, 0]).Evenness, 1e-12);
    }

    [Fact]
    public void Dominant_names_the_cluster_above_the_share()
    {
        Assert.Equal(1, new Occupancy([4, 96]).Dominant(0.95));
        Assert.Null(new Occupancy([5, 95]).Dominant(0.95));
        Assert.Null(new Occupancy([]).Dominant(0.95));
    }

    private static Scores Score(ushort[] clusters, ushort[] truth)
    {
        var counts = new ConfusionMatrix(0, 0);
        counts.Add(clusters, truth);
        return Scores.Of(counts);
    }
}
