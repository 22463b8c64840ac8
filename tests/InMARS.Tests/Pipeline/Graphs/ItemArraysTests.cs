using System.Collections.Concurrent;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Graphs;

/// <summary>Arrays that are used again, and never while somebody may still read or write them.</summary>
public sealed class ItemArraysTests : IDisposable
{
    private readonly ManualResetEventSlim _gate = new();
    private readonly ConcurrentDictionary<byte[], int> _rented = new(ReferenceEqualityComparer.Instance);

    public void Dispose() => _gate.Set();

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 4, 3)]
    [InlineData(4, 16, 5)]
    [InlineData(8, 2, 1)]
    public async Task Each_item_reads_what_was_written_for_it(int parallelism, int capacity, int batch)
    {
        var flow = new FlowOptions(parallelism, Math.Max(capacity, batch));
        var seen = new ConcurrentQueue<int>();

        await Toy.RunAsync(
            Toy.Numbers(500) >> Write(flow) >> Copy(flow) >> Stage.Batch<Written>("batch", flow, batch, LastBatch.Drop) >> Read(seen), epochs: 2);

        var count = 1000 / batch * batch;
        Assert.Equal(Enumerable.Range(0, count).Select(i => i % 500), seen);
        Assert.InRange(_rented.Count, 1, 500);
    }

    [Fact]
    public async Task A_stage_that_may_keep_its_input_gets_arrays_that_nobody_uses_again()
    {
        var kept = new ConcurrentQueue<Written>();
        var keeper = Stage.Map<Written, Written>("keep", Flow, (w, _) =>
        {
            kept.Enqueue(w);
            return w;
        });

        await Toy.RunAsync(Toy.Numbers(200) >> Write(Flow) >> keeper >> Ignore());

        Assert.Equal(200, _rented.Count);
        Assert.All(kept, w => Assert.All(w.Array, value => Assert.Equal((byte)w.Number, value)));
    }

    [Fact]
    public async Task A_sink_that_may_keep_its_input_turns_it_off_too()
    {
        await Toy.RunAsync(Toy.Numbers(200) >> Write(Flow) >> Toy.Each<Written>("keep", _ => Task.CompletedTask));

        Assert.Equal(200, _rented.Count);
    }

    [Fact]
    public async Task Arrays_of_rejected_items_are_used_again()
    {
        var picky = Stage.Map<Written, Written>("picky", Flow, (w, _) => w.Number % 2 == 0 ? new Fault("test.even", "even") : w) with { Borrows = true };
        var seen = new ConcurrentQueue<int>();

        await Toy.RunAsync(Toy.Numbers(400) >> Write(Flow) >> picky >> Stage.Batch<Written>("batch", Flow, 1, LastBatch.Keep) >> Read(seen));

        Assert.Equal(Enumerable.Range(0, 400).Where(i => i % 2 == 1), seen);
        Assert.InRange(_rented.Count, 1, 200);
    }

    [Fact]
    public async Task An_array_that_several_messages_share_is_not_used_again_before_the_last_of_them()
    {
        var twice = Stage.Expand<Written, Written>("twice", Flow, 2, (w, _) => Result.Ok<IReadOnlyList<Written>>([w, w])) with { Borrows = true };
        var seen = new ConcurrentQueue<int>();

        await Toy.RunAsync(Toy.Numbers(300) >> Write(Flow) >> twice >> Copy(Flow) >> Stage.Batch<Written>("batch", Flow, 3, LastBatch.Keep) >> Read(seen));

        Assert.Equal(Enumerable.Range(0, 600).Select(i => i / 2), seen);
    }

    [Fact]
    public async Task Every_sink_of_several_reads_what_was_written()
    {
        ConcurrentQueue<int> quick = new(), slow = new();
        Sink<IReadOnlyList<Written>>[] sinks = [Read(quick), Read(slow, new FlowOptions(1, 1))];

        await Toy.RunAsync(Toy.Numbers(300) >> Write(Flow) >> Stage.Batch<Written>("batch", Flow, 2, LastBatch.Keep) >> sinks);

        Assert.Equal(Enumerable.Range(0, 300), quick);
        Assert.Equal(Enumerable.Range(0, 300), slow);
    }

    [Fact]
    public async Task What_a_late_kernel_reads_and_writes_is_nobody_elses()
    {
        ConcurrentQueue<byte[]> late = new();
        ConcurrentQueue<byte[]> behind = new();
        var limited = new FlowOptions(1, 4) { ItemTimeoutSeconds = 2.5 };
        var hang = Stage.Map<Written, Written>("late", limited, (w, item) =>
        {
            var array = item.Rent<byte>(Length);
            if (w.Number > 20)
            {
                behind.Enqueue(w.Array);
                behind.Enqueue(array);
            }

            if (w.Number == 20)
            {
                late.Enqueue(w.Array);
                late.Enqueue(array);
                OwnTimerClock.FireMine();
                _gate.Wait();
            }

            Note(array, w.Number);
            return new Written(w.Number, array);
        }) with
        { Borrows = true };
        ConcurrentQueue<int> seen = new();

        await Toy.RunAsync(
            Toy.Numbers(300) >> Write(Flow) >> hang >> Stage.Batch<Written>("batch", Flow, 1, LastBatch.Keep) >> Read(seen),
            new TestHost { Time = new OwnTimerClock() });

        Assert.Equal(Enumerable.Range(0, 300).Except([20]), seen);
        Assert.Equal(2, late.Count);
        Assert.DoesNotContain(behind, other => late.Contains(other, ReferenceEqualityComparer.Instance));
    }

    [Fact]
    public async Task A_run_that_fails_uses_nothing_again_that_is_under_way()
    {
        var bug = Stage.Map<Written, Written>("bug", Flow, (w, _) => w.Number == 150 ? throw new InvalidOperationException("bug") : w) with { Borrows = true };
        var wrong = 0;
        var check = Stage.Map<Written, Written>("check", Flow, (w, _) =>
        {
            Interlocked.Add(ref wrong, w.Array.Any(value => value != (byte)w.Number) ? 1 : 0);
            return w;
        }) with
        { Borrows = true };

        await Assert.ThrowsAnyAsync<Exception>(() => Toy.RunAsync(Toy.Numbers(5000) >> Write(Flow) >> check >> bug >> Ignore()));

        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Scratch_is_as_long_as_asked_for_and_is_lent_again()
    {
        var store = new ArrayStore(() => 1 << 20);
        var first = new ItemContext { Arrays = new ItemArrays(store) };
        var together = new ItemContext { Arrays = ItemArrays.Of([new ItemArrays(store), new ItemArrays(store)]) };

        using (var scratch = first.Scratch<(long, byte)>(100))
        {
            Assert.Equal(100, scratch.Span.Length);
            Assert.Equal(0, store.IdleBytes);
        }

        Assert.Equal(128 * 16, store.IdleBytes);
        using (together.Scratch<(long, byte)>(120))
        {
            Assert.Equal(0, store.IdleBytes);
        }

        Assert.Equal(128 * 16, store.IdleBytes);
    }

    [Fact]
    public void Scratch_of_an_item_that_has_become_several_is_given_back_too()
    {
        var store = new ArrayStore(() => 1 << 20);
        var shared = new ItemArrays(store);
        shared.Pin();

        new ItemContext { Arrays = shared }.Scratch<byte>(64).Dispose();

        Assert.Equal(64, store.IdleBytes);
    }

    [Fact]
    public void Scratch_is_there_also_where_no_flow_lends_it()
    {
        using var scratch = default(ItemContext).Scratch<int>(33);

        Assert.Equal(33, scratch.Span.Length);
    }

    [Fact]
    public void Giving_back_twice_or_something_else_is_harmless()
    {
        var store = new ArrayStore(() => 1 << 20);
        var item = new ItemArrays(store);
        var array = item.Rent<byte>(100);

        item.Release(new byte[100]);
        item.Release(array);
        item.Release(array);
        item.Return();
        item.Return();

        Assert.Equal(100, store.IdleBytes);
        Assert.Same(array, store.Rent<byte>(100));
        Assert.NotSame(array, store.Rent<byte>(100));
    }

    [Fact]
    public void What_is_rented_after_the_item_has_left_is_never_used_again()
    {
        var store = new ArrayStore(() => 1 << 20);
        var (left, forgotten) = (new ItemArrays(store), new ItemArrays(store));
        _ = forgotten.Rent<int>(10);

        left.Return();
        forgotten.Forget();
        left.Release(left.Rent<int>(10));
        forgotten.Release(forgotten.Rent<int>(10));
        forgotten.Return();

        Assert.Equal(0, store.IdleBytes);
    }

    [Fact]
    public void Items_together_forget_the_arrays_of_each()
    {
        var store = new ArrayStore(() => 1 << 20);
        ItemArrays[] members = [new(store), new(store)];
        var array = members[0].Rent<byte>(8);
        var together = ItemArrays.Of(members)!;
        _ = together.Rent<byte>(8);

        together.Forget();
        together.Release(array);
        members[0].Return();
        members[1].Return();

        Assert.Equal(0, store.IdleBytes);
    }

    [Fact]
    public void Idle_arrays_take_no_more_than_there_is_room()
    {
        var store = new ArrayStore(() => 1000);

        foreach (var length in Enumerable.Range(1, 200))
        {
            store.Return(new byte[length]);
            Assert.InRange(store.IdleBytes, 0, 1000);
        }
    }

    private const int Length = 64;

    private static FlowOptions Flow { get; } = new(2, 4);

    private sealed record Written(int Number, byte[] Array);

    private Stage<int, Written> Write(FlowOptions flow) => Stage.Map<int, Written>("write", flow, (number, item) =>
    {
        var array = item.Rent<byte>(Length);
        Note(array, number);
        return new Written(number, array);
    }) with
    { Borrows = true };

    /// <summary>As a stage does that needs its input no longer.</summary>
    private static Stage<Written, Written> Copy(FlowOptions flow) => Stage.Map<Written, Written>("copy", flow, (w, item) =>
    {
        var array = item.Rent<byte>(Length);
        w.Array.CopyTo(array, 0);
        item.Arrays?.Release(w.Array);
        return new Written(w.Number, array);
    }) with
    { Borrows = true };

    private void Note(byte[] array, int number)
    {
        _rented.TryAdd(array, 0);
        array.AsSpan().Fill((byte)number);
    }

    private static Sink<IReadOnlyList<Written>> Read(ConcurrentQueue<int> seen, FlowOptions? flow = null) => Toy.Each<IReadOnlyList<Written>>("read", batch =>
    {
        foreach (var w in batch)
        {
            Assert.All(w.Array, value => Assert.Equal((byte)w.Number, value));
            seen.Enqueue(w.Number);
        }

        return Task.CompletedTask;
    }, flow) with
    { Borrows = true };

    private static Sink<Written> Ignore() => Toy.Each<Written>("ignore", _ => Task.CompletedTask) with { Borrows = true };
}
