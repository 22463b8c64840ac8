using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using InMARS.Stages.Images;

namespace InMARS.Cli.Benchmarks.Running;

/// <summary>Sinks that look at nothing, for flows whose end does not matter.</summary>
internal sealed class BenchStages : IStageModule
{
    public IEnumerable<StageEntry> Entries =>
    [
        StageEntry.Sink<RgbImage>("bench.ignore_images", "Ignores images.", "Never fails.", (_, step) => Ignore<RgbImage>.Sink(step.Flow)),
        StageEntry.Sink<ImageBatch>("bench.ignore", "Ignores batches.", "Never fails.", (_, step) => Ignore<ImageBatch>.Sink(step.Flow)),
    ];
}

/// <summary>The open end of such a sink.</summary>
internal sealed class Ignore<T> : ISinkWriter<T>
{
    public static Sink<T> Sink(FlowOptions flow) => new("ignore", flow, _ => new Ignore<T>()) { Borrows = true };

    public Task<Fault?> WriteAsync(T value, ItemContext item, CancellationToken stop) => Task.FromResult<Fault?>(null);

    public Task CompleteAsync(CancellationToken stop) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
