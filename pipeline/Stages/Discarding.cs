using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Stages;

/// <summary>The end of a flow whose items nobody wants.</summary>
internal static class Discarding
{
    public static IGraph Close<T>(Flow<T> flow) => new Graph<T>(flow, [new Sink<T>("discard", new FlowOptions(), _ => new Writer<T>()) { Borrows = true }]);

    private sealed class Writer<T> : ISinkWriter<T>
    {
        public Task<Fault?> WriteAsync(T value, ItemContext item, CancellationToken stop) => Task.FromResult<Fault?>(null);

        public Task CompleteAsync(CancellationToken stop) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
