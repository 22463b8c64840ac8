using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Tests.Support;

/// <summary>Small sources, sinks and stages for tests of the graph.</summary>
public static class Toy
{
    /// <summary>0 to count - 1 in every epoch; <paramref name="read"/> sees each number when it is asked for.</summary>
    public static Source<int> Numbers(int count, Action<int>? read = null, long bytes = 1, int perShard = int.MaxValue) => new(
        "numbers",
        (_, cursor, stop) => Read(count, cursor, bytes, perShard, read, stop),
        (_, _) => Task.FromResult<long?>(count));

    public static Sink<T> Collect<T>(ConcurrentQueue<T> into, FlowOptions? flow = null) => Each<T>("collect", value =>
    {
        into.Enqueue(value);
        return Task.CompletedTask;
    }, flow);

    public static Sink<T> Each<T>(string name, Func<T, Task> write, FlowOptions? flow = null, Action? complete = null, Action? dispose = null) =>
        new(name, flow ?? new FlowOptions(), _ => new Writer<T>(write, complete, dispose));

    public static Stage<int, int> Pass(string name = "pass", int parallelism = 1, int capacity = 4) =>
        Stage.Map<int, int>(name, new FlowOptions(parallelism, capacity), (x, _) => x);

    public static Stage<int, int> FailAt(int bad, string name = "bug") =>
        Stage.Map<int, int>(name, new FlowOptions(1, 2), (x, _) => x == bad ? throw new InvalidOperationException("bug") : x);

    /// <summary>Runs one flow with a guard: a hanging graph fails the test instead of holding it for ever.</summary>
    public static Task<FlowSummary> RunAsync(IGraph graph, TestHost? host = null, int epochs = 1, FlowState? from = null, CancellationTokenSource? interrupt = null) =>
        Graph.RunAsync(new FlowPlan("test", epochs, graph) { State = from }, host ?? new TestHost(), interrupt?.Token ?? TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    private static async IAsyncEnumerable<Sourced<int>> Read(
        int count, Cursor cursor, long bytes, int perShard, Action<int>? read, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var i = (int)cursor.Position; i < count; i++)
        {
            stop.ThrowIfCancellationRequested();
            read?.Invoke(i);
            yield return new Sourced<int>(i, new Origin(i < perShard ? "numbers" : $"numbers-{i / perShard}", i.ToString()), bytes);
        }

        await Task.CompletedTask;
    }

    private sealed class Writer<T>(Func<T, Task> write, Action? complete, Action? dispose) : ISinkWriter<T>
    {
        public async Task<Fault?> WriteAsync(T value, ItemContext item, CancellationToken stop)
        {
            await write(value);
            return null;
        }

        public Task CompleteAsync(CancellationToken stop)
        {
            complete?.Invoke();
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            dispose?.Invoke();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>A value that counts how many of its kind are alive, and that it is disposed once only.</summary>
public sealed class Tracked(Tracked.Counter counter, int number) : IDisposable
{
    private int _disposed;

    public int Number { get; } = number;

    public bool IsDisposed => _disposed > 0;

    public int Disposals => _disposed;

    public static Tracked Make(Counter counter, int number)
    {
        Interlocked.Increment(ref counter.Made);
        Interlocked.Increment(ref counter.Live);
        return new Tracked(counter, number);
    }

    public void Dispose()
    {
        if (Interlocked.Increment(ref _disposed) > 1)
        {
            Interlocked.Increment(ref counter.Twice);
        }

        Interlocked.Decrement(ref counter.Live);
    }

    public sealed class Counter
    {
        public int Live;
        public int Made;
        public int Twice;
    }
}
