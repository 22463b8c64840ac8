using System.Collections.Immutable;
using InMARS.Pipeline.Runs;

namespace InMARS.Tests.Pipeline.Runs;

public class ForecastTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 23, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Nothing_is_foretold_before_anything_was_seen()
    {
        Assert.Equal(new Forecast(null, null, 100, null), Forecast.Of([], 100, Now));
        Assert.Equal(new Forecast(null, null, 95, null), Forecast.Of([At(0, 5)], 100, Now));
    }

    [Fact]
    public void An_even_speed_foretells_the_end() =>
        Assert.Equal(new Forecast(2, 2, 100, Now.AddSeconds(50)), Forecast.Of([At(0, 0), At(10, 20), At(50, 100)], 200, Now));

    [Fact]
    public void The_last_minute_counts_more_than_the_hours_before_it() =>
        Assert.Equal(new Forecast(10, 1.5, 100, Now.AddSeconds(10)), Forecast.Of([At(0, 0), At(1140, 1200), At(1200, 1800)], 1900, Now));

    [Fact]
    public void With_few_items_in_the_last_minute_the_speed_overall_foretells() =>
        Assert.Equal(new Forecast(0, 0.5, 50, Now.AddSeconds(100)), Forecast.Of([At(0, 0), At(40, 50), At(100, 50)], 100, Now));

    [Fact]
    public void What_earlier_sessions_did_is_no_speed_of_this_one() =>
        Assert.Equal(new Forecast(1, 1, 980, Now.AddSeconds(980)), Forecast.Of([At(0, 1000), At(20, 1020)], 2000, Now));

    [Fact]
    public void Without_a_total_there_is_a_speed_but_no_end() =>
        Assert.Equal(new Forecast(2, 2, null, null), Forecast.Of([At(0, 0), At(10, 20)], null, Now));

    [Fact]
    public void A_flow_that_stands_still_never_ends() =>
        Assert.Equal(new Forecast(0, 0, 100, null), Forecast.Of([At(0, 0), At(10, 0)], 100, Now));

    [Theory]
    [InlineData(20)]
    [InlineData(19)]
    public void A_flow_that_is_done_or_beyond_ends_now(long total) =>
        Assert.Equal(new Forecast(2, 2, 0, Now), Forecast.Of([At(0, 0), At(10, 20)], total, Now));

    [Fact]
    public void An_end_beyond_the_calendar_is_none() =>
        Assert.Null(Forecast.Of([At(0, 0), At(1e9, 1)], long.MaxValue, Now).Finish);

    [Fact]
    public void What_is_kept_of_a_night_is_a_minute_and_foretells_the_same()
    {
        ImmutableArray<ProgressSample> kept = [];
        ImmutableArray<ProgressSample> all = [];
        for (var second = 0; second < 5000; second++)
        {
            var sample = At(second, (second * 3) + (second % 7));
            (kept, all) = (Forecast.Keep(kept, sample), all.Add(sample));
        }

        Assert.Equal(62, kept.Length);
        Assert.Equal(Forecast.Of(all, 100_000, Now), Forecast.Of(kept, 100_000, Now));
    }

    private static ProgressSample At(double seconds, long done) => new(TimeSpan.FromSeconds(seconds), done);
}
