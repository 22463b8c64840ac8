using System.Collections.Concurrent;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Graphs;

public class FaultTests
{
    [Fact]
    public async Task A_bug_downstream_stops_the_source_and_is_thrown_with_its_own_stack()
    {
        var graph = Toy.Numbers(100_000) >> Toy.Pass() >> Toy.FailAt(3) >> Collect();

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => Toy.RunAsync(graph));

        Assert.Equal("bug", e.Message);
        Assert.Contains(nameof(Toy.FailAt), e.StackTrace);
    }

    [Fact]
    public async Task A_bug_upstream_stops_what_waits_downstream()
    {
        var graph = Toy.Numbers(1000) >> Toy.FailAt(0) >> Stage.Batch<int>("batch", new FlowOptions(), 16, LastBatch.Keep)
            >> Toy.Collect(new ConcurrentQueue<IReadOnlyList<int>>());

        await Assert.ThrowsAsync<InvalidOperationException>(() => Toy.RunAsync(graph));
    }

    [Fact]
    public async Task A_bug_in_a_sink_stops_the_run_and_the_sink_is_never_completed()
    {
        bool completed = false, disposed = false;
        var sink = Toy.Each<int>("sink", x => x == 5 ? throw new InvalidOperationException("bug") : Task.CompletedTask, complete: () => completed = true, dispose: () => disposed = true);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Toy.RunAsync(Toy.Numbers(1000) >> Toy.Pass() >> sink));

        Assert.False(completed);
        Assert.True(disposed);
    }

    [Fact]
    public async Task A_source_that_throws_stops_the_run()
    {
        var graph = Toy.Numbers(100, i => { if (i == 40) { throw new RunException("the disk is gone"); } }) >> Toy.Pass() >> Collect();

        var e = await Assert.ThrowsAsync<RunException>(() => Toy.RunAsync(graph));

        Assert.Equal("the disk is gone", e.Message);
    }

    [Fact]
    public async Task A_stage_that_cannot_open_stops_the_run_before_anything_is_read()
    {
        var read = 0;
        var closed = false;
        var first = Stage.Map<IDisposable, int, int>("first", new FlowOptions(), _ => new OnDispose(() => closed = true), (_, x, _) => x);
        var missing = Stage.Fold<int, int, int>("missing", new FlowOptions(), _ => throw new RunException("no model"), (_, _, _) => Result.Ok<IReadOnlyList<int>>([]), _ => []);

        var e = await Assert.ThrowsAsync<RunException>(() => Toy.RunAsync(Toy.Numbers(10, _ => read++) >> first >> missing >> Collect()));

        Assert.Equal("no model", e.Message);
        Assert.Equal(0, read);
        Assert.True(closed);
    }

    [Fact]
    public async Task A_stray_cancellation_is_an_error_and_loses_nothing_silently()
    {
        var stray = Stage.Map<int, int>("stray", new FlowOptions(), (x, _) => x == 2 ? throw new OperationCanceledException() : x);

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => Toy.RunAsync(Toy.Numbers(5) >> stray >> Collect()));

        Assert.Equal("Stage 'stray' cancelled item 2 of epoch 0, but the run goes on.", e.Message);
    }

    [Fact]
    public async Task An_interrupt_ends_the_run_as_cancelled()
    {
        using var interrupt = new CancellationTokenSource();
        var graph = Toy.Numbers(1_000_000, i => { if (i == 100) { interrupt.Cancel(); } }) >> Toy.Pass() >> Collect();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Toy.RunAsync(graph, interrupt: interrupt));
    }

    [Fact]
    public async Task A_fault_rejects_its_item_names_it_and_the_run_goes_on()
    {
        var host = new TestHost();
        var outputs = new ConcurrentQueue<int>();
        var picky = Stage.Map<int, int>("picky", new FlowOptions(2, 4), (x, _) => x == 3 ? new Fault("test.three", "it is three") : x);

        var summary = await Toy.RunAsync(Toy.Numbers(6) >> picky >> Toy.Collect(outputs), host);

        Assert.Equal([0, 1, 2, 4, 5], outputs);
        var reject = Assert.Single(host.Rejects);
        Assert.Equal(("picky", new Origin("numbers", "3"), 3L, "test.three"), (reject.Stage, reject.Origin, reject.Index, reject.Fault.Code));
        Assert.Equal((6, 5, 1), (summary.Stages[1].In, summary.Stages[1].Passed, summary.Stages[1].Rejected));
    }

    [Fact]
    public async Task A_fault_of_a_batch_names_every_item_in_it()
    {
        var host = new TestHost();
        var refuse = Stage.Map<IReadOnlyList<int>, int>("refuse", new FlowOptions(), (x, _) => x.Contains(5) ? new Fault("test.five", "five") : x.Count);

        await Toy.RunAsync(Toy.Numbers(9) >> Stage.Batch<int>("batch", new FlowOptions(), 3, LastBatch.Keep) >> refuse >> Collect(), host);

        Assert.Equal(["3", "4", "5"], host.Rejects.Select(r => r.Origin.Key).Order());
    }

    [Fact]
    public async Task On_fault_stop_stops_at_the_first_and_says_which()
    {
        var picky = Stage.Map<int, int>("picky", new FlowOptions(1, 4, OnFault.Stop), (x, _) => x == 3 ? new Fault("test.three", "it is three") : x);

        var e = await Assert.ThrowsAsync<RejectLimitException>(() => Toy.RunAsync(Toy.Numbers(600) >> picky >> Collect()));

        Assert.Equal("numbers:3: picky refused it (test.three: it is three), and on_fault is stop", e.Message);
    }

    private static Sink<int> Collect() => Toy.Collect(new ConcurrentQueue<int>());

    private sealed class OnDispose(Action act) : IDisposable
    {
        public void Dispose() => act();
    }
}
