using InMARS.Cli.Benchmarks.Running;

namespace InMARS.Tests.Bench;

public sealed class TimesTests
{
    [Theory]
    [InlineData(new[] { 4.0 }, 4, 4)]
    [InlineData(new[] { 9.0, 1, 2 }, 2, 1)]
    [InlineData(new[] { 8.0, 1, 3, 2 }, 2.5, 1)]
    public void Median_and_minimum_are_those_of_the_rounds(double[] ms, double median, double minimum) =>
        Assert.Equal(new Times(median, minimum, ms.Length), Times.Of(ms));

    [Fact]
    public async Task Works_are_done_in_turn_and_the_rounds_to_warm_up_do_not_count()
    {
        var done = "";

        var times = await new Rounds(Count: 2, WarmUps: 1).TimeAsync(CancellationToken.None, () => done += "a", () => done += "b");

        Assert.Equal("ababab", done);
        Assert.Equal([2, 2], times.Select(t => t.Wall.Rounds));
        Assert.Equal([2, 2], times.Select(t => t.Processor.Rounds));
    }

    [Fact]
    public async Task A_bench_that_is_interrupted_stops_before_the_next_work()
    {
        using var stop = new CancellationTokenSource();
        var done = "";

        await Assert.ThrowsAsync<OperationCanceledException>(() => new Rounds(Count: 1, WarmUps: 0).TimeAsync(
            stop.Token,
            () =>
            {
                done += "a";
                stop.Cancel();
            },
            () => done += "b"));

        Assert.Equal("a", done);
    }
}
