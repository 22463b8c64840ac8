using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Tests.Support;

/// <summary>A module with a stage that is late at some items and then hangs; under <see cref="OwnTimerClock"/> only.</summary>
internal sealed class HoldingStages(ManualResetEventSlim gate) : IStageModule
{
    public IEnumerable<StageEntry> Entries =>
    [
        StageEntry.Source("hold.count", "Counts to 100.", "Never fails.", (_, _) => new Source<Figure>(
            "hold.count",
            (_, cursor, _) => Enumerable.Range(0, 100).Skip((int)cursor.Position).Select(i => new Sourced<Figure>(new Figure(i), new Origin("toys", $"{i:D3}"), 8)).ToAsyncEnumerable(),
            (_, _) => Task.FromResult<long?>(100))),
        StageEntry.Stage("hold.some", "Hangs.", "Emits the rest.", (f, step) => Hold(
            step.Flow,
            f.Get("from", Decode.WholeNumber, 10, "First number that it hangs at."),
            f.Get("count", Decode.WholeNumber, 1, "Numbers that it hangs at."))),
        StageEntry.Stage("hold.sum", "Keeps a sum.", "Emits one for one.", (_, step) => Stage.Fold<int[], Figure, Figure>(
            "hold.sum", step.Flow, _ => [0], (sum, n, _) => Result.Ok<IReadOnlyList<Figure>>([new Figure(sum[0] += n.Number)]), _ => [])),
        StageEntry.Sink("hold.end", "Keeps nothing.", "Never fails.", (_, step) => new Sink<Figure>("hold.end", step.Flow, _ => new Nothing())),
    ];

    private Stage<Figure, Figure> Hold(FlowOptions flow, int from, int count) => Stage.Map<Figure, Figure>("hold.some", flow, (n, _) =>
    {
        if (n.Number >= from && n.Number < from + count)
        {
            OwnTimerClock.FireMine();
            gate.Wait();
        }

        return n;
    });

    private sealed class Nothing : ISinkWriter<Figure>, IResumable
    {
        public Task<Fault?> WriteAsync(Figure value, ItemContext item, CancellationToken stop) => Task.FromResult<Fault?>(null);

        public Task CompleteAsync(CancellationToken stop) => Task.CompletedTask;

        public void Carry(StateArchive state)
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
