using System.Collections.Concurrent;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Graphs;

public class RetryTests
{
    private static readonly Fault Lost = new("test.lost", "the share is gone", new IOException("the share is gone"));
    private readonly WaitlessClock _clock = new();
    private int _tries;

    [Fact]
    public async Task What_a_disk_failed_to_give_is_tried_again_until_it_comes()
    {
        var host = new TestHost { Time = _clock };
        var collected = new ConcurrentQueue<int>();

        await Toy.RunAsync(Toy.Numbers(1) >> Failing(times: 2, retries: 3) >> Toy.Collect(collected), host);

        Assert.Equal([0], collected);
        Assert.Empty(host.Rejects);
        Assert.Equal(3, _tries);
    }

    [Fact]
    public async Task What_never_comes_is_rejected_with_the_number_of_its_attempts()
    {
        var host = new TestHost { Time = _clock };

        await Toy.RunAsync(Toy.Numbers(1) >> Failing(times: 9, retries: 3) >> Toy.Collect(new ConcurrentQueue<int>()), host);

        Assert.Equal((4, 4), (_tries, Assert.Single(host.Rejects).Fault.Attempts));
        Assert.Equal(3, _clock.Waits.Count);
    }

    [Fact]
    public async Task Work_that_waits_is_tried_again_as_well()
    {
        var host = new TestHost { Time = _clock };
        var stage = Stage.MapAsync<int, int>("share", new FlowOptions { Retries = 2 }, (x, _, _) => Task.FromResult(++_tries <= 2 ? Lost : (Result<int>)x));

        await Toy.RunAsync(Toy.Numbers(1) >> stage >> Toy.Collect(new ConcurrentQueue<int>()), host);

        Assert.Empty(host.Rejects);
        Assert.Equal(3, _tries);
    }

    [Fact]
    public async Task A_source_asks_whether_to_try_again()
    {
        var host = new TestHost { Time = _clock };
        var asked = new List<bool>();
        var source = Toy.Numbers(1) with { Policy = new FlowOptions { Retries = 2 } };
        var asking = source with
        {
            Read = (context, from, stop) =>
            {
                asked.AddRange(Enumerable.Range(1, 3).Select(attempt => context.TryAgain("a.tar", Lost, attempt)));
                return source.Read(context, from, stop);
            },
        };

        await Toy.RunAsync(asking >> Toy.Collect(new ConcurrentQueue<int>()), host);

        Assert.Equal([true, true, false], asked);
    }

    [Theory]
    [InlineData(typeof(FileNotFoundException))]
    [InlineData(typeof(EndOfStreamException))]
    [InlineData(typeof(InvalidDataException))]
    [InlineData(null)]
    public async Task A_fault_that_time_does_not_mend_is_not_tried_again(Type? cause)
    {
        var host = new TestHost { Time = _clock };
        var fault = Lost with { Cause = cause is null ? null : (Exception)Activator.CreateInstance(cause)! };

        await Toy.RunAsync(Toy.Numbers(1) >> Failing(times: 9, retries: 3, fault) >> Toy.Collect(new ConcurrentQueue<int>()), host);

        Assert.Equal((1, 1), (_tries, Assert.Single(host.Rejects).Fault.Attempts));
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_the_next_attempt()
    {
        var clock = new WaitlessClock(ends: false);
        using var interrupt = new CancellationTokenSource();
        var run = Toy.RunAsync(Toy.Numbers(1) >> Failing(times: 9, retries: 3) >> Toy.Collect(new ConcurrentQueue<int>()), new TestHost { Time = clock }, interrupt: interrupt);
        await clock.Asked;

        await interrupt.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(1, _tries);
    }

    [Fact]
    public void Pauses_double_up_to_half_a_minute_and_differ_between_items()
    {
        for (var attempt = 1; attempt <= 20; attempt++)
        {
            var plain = Math.Min(30, 0.5 * Math.Pow(2, attempt - 1));
            var pauses = Enumerable.Range(0, 100).Select(seed => Backoff.After(attempt, (ulong)seed).TotalSeconds).ToList();

            Assert.All(pauses, seconds => Assert.InRange(seconds, 0.5 * plain, 1.5 * plain));
            Assert.True(pauses.Distinct().Count() > 90);
            Assert.Equal(Backoff.After(attempt, 7), Backoff.After(attempt, 7));
        }
    }

    private Stage<int, int> Failing(int times, int retries, Fault? fault = null) =>
        Stage.Map<int, int>("share", new FlowOptions { Retries = retries }, (x, _) => ++_tries <= times ? fault ?? Lost : x);
}
