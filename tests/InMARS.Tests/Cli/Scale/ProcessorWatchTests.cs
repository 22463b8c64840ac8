using InMARS.Cli.Benchmarks.Scale;
using InMARS.Pipeline.Graphs;

namespace InMARS.Tests.Cli.Scale;

public class ProcessorWatchTests
{
    [Fact]
    public void The_pace_of_a_flow_is_that_between_its_first_images_and_its_last()
    {
        var (done, read) = (new Queue<long>([0, 10, 20, 24, 60, 92, 96]), new TaskCompletionSource());

        var flow = Watched(Next, () => read.Task.Wait(TestContext.Current.CancellationToken));

        Assert.Equal(96 - 24, flow.Pace.Items);
        Assert.True(flow.Pace.Seconds > 0);

        long Next()
        {
            var next = done.Dequeue();
            if (done.Count == 0)
            {
                read.SetResult();
            }

            return next;
        }
    }

    [Fact]
    public void Where_nothing_left_between_it_is_that_of_the_whole_flow()
    {
        var first = true;

        var flow = Watched(() => Interlocked.Exchange(ref first, false) ? 0 : 100);

        Assert.Equal(100, flow.Pace.Items);
    }

    [Fact]
    public void A_flow_that_nothing_left_has_a_pace_of_nothing() => Assert.Equal(0, Watched(() => 0).Pace.PerSecond);

    private static TimedFlow Watched(Func<long> done, Action? atWork = null)
    {
        var watch = new ProcessorWatch();
        watch.FlowStarted(new FlowProgress("toy", 100, done, () => 0, () => new Dictionary<string, double>()));
        atWork?.Invoke();
        watch.FlowEnded(new FlowSummary("toy", 100, 100, 0, TimeSpan.FromSeconds(1), 0, 0, [], ""));
        return Assert.Single(watch.Flows);
    }
}
