using InMARS.Stages.Learning;

namespace InMARS.Tests.Stages.Learning;

public class StallWatchTests
{
    private static readonly InmarsOptions Options = new(WarmupSteps: 3) { RampSteps = 20, RestartBelow = 0.05 };

    [Fact]
    public void It_looks_once_as_many_steps_after_the_ramp_as_it_had()
    {
        var watch = new StallWatch(Options);

        Assert.Equal([43], Enumerable.Range(1, 100).Where(step => Stalls(watch, step, 0.01)));
    }

    [Fact]
    public void A_network_that_is_decided_goes_on()
    {
        var watch = new StallWatch(Options);

        Assert.DoesNotContain(Enumerable.Range(1, 100), step => Stalls(watch, step, 0.06));
    }

    [Fact]
    public void What_was_before_the_last_ten_steps_does_not_count()
    {
        var watch = new StallWatch(Options);

        Assert.Equal([43], Enumerable.Range(1, 100).Where(step => Stalls(watch, step, step < 34 ? 0.9 : 0.01)));
    }

    [Theory]
    [InlineData(0, 0.05)]
    [InlineData(20, 0)]
    public void Without_a_ramp_or_a_bound_nothing_is_looked_at(int ramp, double bound)
    {
        var watch = new StallWatch(Options with { RampSteps = ramp, RestartBelow = bound });

        Assert.All(Enumerable.Range(1, 100), step => watch.Note(step, () => throw new InvalidOperationException()));
        Assert.False(watch.HasStalled);
    }

    private static bool Stalls(StallWatch watch, int step, double share)
    {
        watch.Note(step, () => share);
        return watch.HasStalled;
    }
}
