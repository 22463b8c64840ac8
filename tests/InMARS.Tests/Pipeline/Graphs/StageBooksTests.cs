using System.Diagnostics;
using InMARS.Pipeline.Graphs;

namespace InMARS.Tests.Pipeline.Graphs;

public class StageBooksTests
{
    [Fact]
    public void Books_that_lose_an_item_are_found()
    {
        var source = new StageBooks("source");
        var stage = new StageBooks("stage");
        source.Took([]);
        source.Took([]);
        source.Pass(2);
        source.Emit(2);
        stage.Took([]);

        var imbalances = StageBooks.Imbalances([(source, null), (stage, source)]);

        Assert.Equal(
            ["'stage' took 1 but passed 0, rejected 0 and dropped 0", "'source' gave 2 but 'stage' took 1"],
            imbalances);
    }

    [Fact]
    public void Shares_of_a_meter_add_up_to_one()
    {
        var start = Stopwatch.GetTimestamp();
        var meter = new StageMeter(2, start);
        for (var i = 0; i < 20; i++)
        {
            var ready = Stopwatch.GetTimestamp();
            Thread.SpinWait(1000);
            var begun = meter.Begin(ready);
            Thread.SpinWait(5000);
            meter.End(begun);
        }

        var times = meter.Read(Stopwatch.GetTimestamp());

        Assert.Equal(1, times.Busy + times.Starved + times.Blocked, 0.001);
        Assert.Equal(20, times.Calls);
        Assert.Equal(times.MeanMs * 20, times.KernelSeconds * 1000, 0.01);
    }

    [Theory]
    [InlineData(0.97, 9.7, 10, 2, "Bottleneck: slow, busy 97 % of the time at parallelism 1 (10.0 ms a call); a higher parallelism there would help.")]
    [InlineData(0.97, 9.7, 5, 2, "Bottleneck: the 2 cores, 98 % in use; slow takes 99 % of the work.")]
    [InlineData(0.60, 6.0, 10, 1, "Bottleneck: slow, busy 60 % of the time at parallelism 1 (10.0 ms a call).")]
    [InlineData(0.20, 2.0, 10, 2, "Bottleneck: slow, busy 20 % of the time at parallelism 1 (10.0 ms a call); no stage is busy most of the time, so starting, ending or input and output weigh most.")]
    public void The_bottleneck_is_named_in_one_sentence(double busy, double kernelSeconds, double elapsed, int cores, string expected)
    {
        var quick = Figures("quick", 0.01, 0.1, 1);
        var slow = Figures("slow", busy, kernelSeconds, 10);

        var sentence = Bottleneck.Sentence([quick, slow], TimeSpan.FromSeconds(elapsed), cores);

        Assert.Equal(expected, sentence);
    }

    private static StageFigures Figures(string name, double busy, double seconds, double mean) =>
        new(name, 1, false, 1, 1, 0, 0, 1, 1, new StageTimes(1, busy, 1 - busy, 0, mean, mean, 0, seconds));
}
