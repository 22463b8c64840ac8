using CsCheck;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Images;

namespace InMARS.Tests.Stages.Evaluation;

public class BootstrapTests
{
    private const int Draws = 1000;

    private static readonly Gen<(ushort[] Clusters, ushort[] Truth)[]> Sets =
        Gen.Select(Gen.UShort[0, 3].Array[20], Gen.OneOf(Gen.UShort[0, 2], Gen.Const(LabelMap.Ignore)).Array[20]).Array[2, 8];

    [Fact]
    public void The_interval_of_images_that_are_all_alike_has_no_width()
    {
        var (images, whole) = Pack(Enumerable.Repeat((new ushort[] { 0, 0, 1, 1 }, new ushort[] { 0, 0, 1, 0 }), 20));

        var intervals = Bootstrap.Of(images, [0, 1], 2, Draws)!;

        Assert.Equal(new Interval(0.75, 0.75), intervals.Accuracy);
        Assert.Equal(MappedScores.Of(whole, [0, 1]).MeanIou, intervals.MeanIou.Low, 1e-12);
        Assert.Equal(intervals.MeanIou.Low, intervals.MeanIou.High);
    }

    [Fact]
    public void The_interval_of_a_known_share_is_that_of_the_binomial()
    {
        // 100 images of one pixel, 80 of them right: the share has a standard deviation of 0.04.
        var (images, _) = Pack(Enumerable.Range(0, 100).Select(i => (new ushort[] { 0 }, new[] { (ushort)(i % 5 == 0 ? 1 : 0) })));

        var accuracy = Bootstrap.Of(images, [0], 2, 4000)!.Accuracy;

        Assert.InRange(accuracy.Low, 0.70, 0.74);
        Assert.InRange(accuracy.High, 0.86, 0.89);
    }

    [Fact]
    public void The_interval_holds_the_figure_and_shrinks_with_the_root_of_the_images()
    {
        var (few, some) = Pack(Noisy(50));
        var (many, all) = Pack(Noisy(800));

        var (narrow, wide) = (Bootstrap.Of(many, [0, 1], 2, Draws)!, Bootstrap.Of(few, [0, 1], 2, Draws)!);

        Assert.InRange(MappedScores.Of(some, [0, 1]).Accuracy, wide.Accuracy.Low, wide.Accuracy.High);
        Assert.InRange(MappedScores.Of(all, [0, 1]).MeanIou, narrow.MeanIou.Low, narrow.MeanIou.High);
        Assert.InRange((wide.Accuracy.High - wide.Accuracy.Low) / (narrow.Accuracy.High - narrow.Accuracy.Low), 3, 5.5);
    }

    [Fact]
    public void The_same_counts_give_the_same_interval() =>
        Sets.Sample(images => Equals(Bootstrap.Of(Pack(images).Images, [0, 1, 2, null], 3, 50), Bootstrap.Of(Pack(images).Images, [0, 1, 2, null], 3, 50)));

    [Fact]
    public void Renaming_the_clusters_changes_nothing() =>
        Gen.Select(Sets, Gen.Shuffle(new ushort[] { 0, 1, 2, 3 })).Sample((images, names) =>
        {
            var classOf = new int?[] { 0, 1, 2, null };
            var renamed = images.Select(i => (Array.ConvertAll(i.Clusters, c => names[c]), i.Truth));
            return Equals(
                Bootstrap.Of(Pack(images).Images, classOf, 3, 50),
                Bootstrap.Of(Pack(renamed).Images, [.. Enumerable.Range(0, 4).Select(c => classOf[Array.IndexOf(names, (ushort)c)])], 3, 50));
        });

    [Fact]
    public void Packed_counts_add_up_to_those_of_the_whole_set() =>
        Sets.Sample(images =>
        {
            var (packed, whole) = Pack(images);
            var sum = new ConfusionMatrix(4, 3);
            for (var i = 0; i < packed.Groups; i++)
            {
                sum.Add(new ImageCounts([.. packed.Read(i)], 0));
            }

            return sum.ToArray().Cast<long>().SequenceEqual(whole.ToArray().Cast<long>());
        });

    [Fact]
    public void Great_ids_and_counts_survive_packing()
    {
        CellCount[] cells = [new(0, 0, 1), new(0, 65534, 127), new(3, 0, 128), new(65534, 200, 40_000_000)];
        var packed = new PackedCounts();

        packed.Add(new ImageCounts(cells, 5));

        Assert.Equal(cells, packed.Read(0));
    }

    [Fact]
    public void Fifty_thousand_images_of_27_clusters_and_classes_find_room()
    {
        // Every cell in use, 64 pixels each: 216 x 216 pixels an image.
        var image = new ImageCounts([.. Enumerable.Range(0, 27 * 27).Select(i => new CellCount(i / 27, i % 27, 64))], 0);
        var packed = new PackedCounts(PackedCounts.MostBytes / 100);

        for (var i = 0; i < 500; i++)
        {
            packed.Add(image);
        }

        Assert.False(packed.Overflowed);
    }

    [Fact]
    public void Beyond_the_groups_images_that_lie_apart_are_counted_together() =>
        Gen.Select(Sets, Gen.Int[1, 4]).Sample((images, groups) =>
        {
            var (whole, counter) = (new ConfusionMatrix(4, 3), new ImageCounter());
            var grouped = new PackedCounts(mostGroups: groups);
            foreach (var (clusters, truth) in images)
            {
                var image = counter.Count(clusters, truth, (4, 3));
                whole.Add(image);
                grouped.Add(image);
                grouped = Again(grouped, groups);
            }

            var sum = new ConfusionMatrix(4, 3);
            for (var i = 0; i < grouped.Groups; i++)
            {
                sum.Add(new ImageCounts([.. grouped.Read(i)], 0));
            }

            return grouped.Groups == Math.Min(groups, images.Length)
                && grouped.IsGrouped == images.Length > groups
                && sum.ToArray().Cast<long>().SequenceEqual(whole.ToArray().Cast<long>());
        });

    [Fact]
    public void Groups_give_intervals_as_wide_as_their_images_do()
    {
        var (alone, grouped, counter) = (new PackedCounts(), new PackedCounts(mostGroups: 1000), new ImageCounter());
        foreach (var (clusters, truth) in Noisy(10_000))
        {
            var image = counter.Count(clusters, truth, (2, 2));
            alone.Add(image);
            grouped.Add(image);
        }

        var (expected, found) = (Bootstrap.Of(alone, [0, 1], 2, 1000)!.Accuracy, Bootstrap.Of(grouped, [0, 1], 2, 1000)!.Accuracy);

        Assert.InRange((found.High - found.Low) / (expected.High - expected.Low), 0.85, 1.15);
    }

    private static PackedCounts Again(PackedCounts counts, int groups)
    {
        var saved = StateArchive.Save();
        counts.Carry(saved);
        var opened = new PackedCounts(mostGroups: groups);
        opened.Carry(StateArchive.Load(saved.Entries));
        return opened;
    }

    [Fact]
    public void Beyond_its_room_nothing_is_kept()
    {
        var packed = new PackedCounts(mostBytes: 4);

        packed.Add(new ImageCounts([new CellCount(0, 0, 1)], 0));
        packed.Add(new ImageCounts([new CellCount(0, 0, 1), new CellCount(0, 1, 1)], 0));
        packed.Add(new ImageCounts([new CellCount(0, 0, 1)], 0));

        Assert.True(packed.Overflowed);
        Assert.Equal(0, packed.Groups);
    }

    private static List<(ushort[], ushort[])> Noisy(int images)
    {
        var random = new Random(3);
        return Enumerable.Range(0, images).Select(_ =>
        {
            var right = random.Next(2, 10);
            return (Enumerable.Range(0, 10).Select(i => (ushort)(i % 2)).ToArray(), Enumerable.Range(0, 10).Select(i => (ushort)(i < right ? i % 2 : 1 - (i % 2))).ToArray());
        }).ToList();
    }

    private static (PackedCounts Images, ConfusionMatrix Whole) Pack(IEnumerable<(ushort[] Clusters, ushort[] Truth)> images)
    {
        var (packed, whole, counter) = (new PackedCounts(), new ConfusionMatrix(4, 3), new ImageCounter());
        foreach (var (clusters, truth) in images)
        {
            packed.Add(counter.Count(clusters, truth, (4, 3)));
            whole.Add(clusters, truth);
        }

        return (packed, whole);
    }
}
