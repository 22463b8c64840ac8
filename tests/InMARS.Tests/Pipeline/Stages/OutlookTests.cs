using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Stages;

public class OutlookTests
{
    private static readonly RunSettings Run = new("night", 1, "runs", "cpu", 1, 0, "cache", new RejectPolicy());
    private static readonly Outlook Start = new(Run, new MemoryLimit(1 << 30, "machine"), 3) { Items = 10, Extents = [new(20, 30), new(40, 60)] };

    [Fact]
    public void A_list_that_grows_is_there_once() =>
        Assert.Equal([new PlannedFiles("checkpoints", Path.Combine("runs", "night", "resume"), 100) { Shared = true }], Start.Adds(100).Files);

    [Fact]
    public void Behind_a_stage_that_says_nothing_items_may_have_any_size_and_are_as_many()
    {
        var behind = Toy.Pass().Foreseen(Start);

        Assert.Equal((10L, 0), (behind.Items, behind.Extents.Length));
    }

    [Fact]
    public void Behind_a_stage_that_says_nothing_and_gives_several_for_one_nobody_knows_how_many_there_are()
    {
        var twice = Stage.Expand<int, int>("twice", new FlowOptions(), 2, (x, _) => new[] { x, x });

        Assert.Null(twice.Foreseen(Start).Items);
    }

    [Fact]
    public void What_stages_say_goes_from_one_to_the_next_and_to_every_sink()
    {
        var half = Toy.Pass() with { Foresee = before => before.Resized(e => new Extent(e.Height / 2, e.Width / 2)) };
        var sinks = new[] { "left", "right" }.Select(name => Toy.Each<int>(name, _ => Task.CompletedTask) with { Foresee = seen => seen.Writes(name, name, e => e.Cells) });

        var end = (Toy.Numbers(1) >> (half >> half) >> [.. sinks]).Foresee(Start);

        // 10 items of 5 x 7 and 10 x 15 cells: 92.5 on the average.
        Assert.Equal(
            [new PlannedFiles("left", Path.Combine("runs", "night", "left"), 925), new PlannedFiles("right", Path.Combine("runs", "night", "right"), 925)], end.Files);
    }

    [Fact]
    public void Of_items_without_number_or_extent_nobody_knows_what_is_written()
    {
        Assert.Null((Start with { Items = null }).Writes("maps", "maps", _ => 1).Files.Single().Bytes);
        Assert.Null(Start.Unsized().Writes("maps", "maps", _ => 1).Files.Single().Bytes);
    }

    [Fact]
    public void Batches_of_batches_hold_the_product()
    {
        var two = Stage.Batch<IReadOnlyList<int>>("batch", new FlowOptions(), 2, LastBatch.Keep);
        var three = Stage.Batch<int>("batch", new FlowOptions(), 3, LastBatch.Keep);

        Assert.Equal(6, two.Foreseen(three.Foreseen(Start)).Gathered);
    }

    [Fact]
    public void What_a_stage_keeps_is_in_every_checkpoint_there_is_and_in_the_one_that_is_written() =>
        Assert.Equal([new PlannedFiles("checkpoints", Path.Combine("runs", "night", "resume"), 4 * 100) { Shared = true }], Start.Keeps(100).Files);

    [Fact]
    public void A_stage_that_fails_to_say_anything_is_named()
    {
        var thrower = Toy.Pass("acme.thrower") with { Foresee = _ => throw new InvalidOperationException("no idea") };
        var mute = Toy.Pass("acme.mute") with { Foresee = _ => null! };

        Assert.Equal(
            ["night: acme.thrower was asked what is known behind it, and failed: no idea", "night: acme.mute was asked what is known behind it, and gave nothing"],
            (thrower >> mute).Foreseen(Start).Errors.Select(e => e.ToString()));
    }

    [Fact]
    public void Forms_never_overflow() => Assert.Equal(long.MaxValue, Start.Varied(1L << 40).Varied(1L << 40).Forms);
}
