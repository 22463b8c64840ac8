using InMARS.Pipeline.Runs;

namespace InMARS.Tests.Pipeline.Runs;

public class MemoryTrendTests
{
    private const long Mib = 1 << 20;

    [Theory]
    [InlineData(0, 0, 0, 0, null)]
    [InlineData(0.5, 0.5, 0, 0, null)]
    [InlineData(2, 0.1, 0, 0, "resident memory grew by 148 MiB in 1.2 minutes; neither the managed heap nor the queues grew with it, so a native library did")]
    [InlineData(2, 1.5, 0, 0, "resident memory grew by 148 MiB in 1.2 minutes; the managed heap grew with it: a stage or a sink keeps what it was given")]
    [InlineData(2, 1.5, 1.5, 0, "resident memory grew by 148 MiB in 1.2 minutes; the items between the stages grew with it: a stage falls behind, see run.memory_mb")]
    [InlineData(2, 0, 0, 4, "resident memory grew by 148 MiB in 1.2 minutes; 296 values outside the managed heap came with it: a stage does not dispose what it makes")]
    public void What_grows_is_told_with_what_grows_along(double resident, double managed, double queued, double values, string? finding)
    {
        var trend = new MemoryTrend();
        for (var second = 0; second < 100; second++)
        {
            trend.Note(TimeSpan.FromSeconds(second), new MemoryFigures(
                (long)((500 + (resident * second)) * Mib), (long)((50 + (managed * second)) * Mib), (long)((10 + (queued * second)) * Mib), (long)(100 + (values * second))));
        }

        Assert.Equal(finding, trend.Finding());
    }

    [Fact]
    public void A_long_flow_is_seen_whole()
    {
        var trend = new MemoryTrend();
        for (var second = 0; second < 50_000; second++)
        {
            trend.Note(TimeSpan.FromSeconds(second), new MemoryFigures((1000 + (second / 100)) * Mib, 50 * Mib, 0));
        }

        Assert.StartsWith("resident memory grew by 37", trend.Finding(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_fills_at_first_and_then_stays_does_not_grow()
    {
        var trend = new MemoryTrend();
        for (var second = 0; second < 1000; second++)
        {
            trend.Note(TimeSpan.FromSeconds(second), new MemoryFigures(Math.Min(1000, 100 + (second * 10)) * Mib, 50 * Mib, 0));
        }

        Assert.Null(trend.Finding());
    }
}
