using System.Runtime.CompilerServices;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Tests.Support;

/// <summary>A number on its way through a graph of toys.</summary>
public sealed record Figure(int Number);

/// <summary>A word on its way through a graph of toys.</summary>
public sealed record Word(string Text);

/// <summary>Stages of numbers and words, for tests of everything around stages.</summary>
public sealed class ToyStages : IStageModule
{
    /// <summary>What <c>toy.collect</c> has seen, in order, in this instance.</summary>
    public List<int> Collected { get; } = [];

    public IEnumerable<StageEntry> Entries =>
    [
        StageEntry.Source("toy.count", "Counts from 0.", "Emits numbers. Never fails.", (f, _) => Count(
            f.Get("to", Decode.WholeNumber.Between(0, 1_000_000), 10, "Numbers in an epoch."))),
        StageEntry.Source("toy.endless", "Counts until it is stopped.", "Emits numbers. Never fails.", (_, _) => Endless()),
        StageEntry.Stage("toy.add", "Adds.", "Emits one for one. Never fails.", (f, step) => Add(
            step.Flow, f.Get("by", Decode.WholeNumber.Between(-100, 100), 1, "What is added."))),
        StageEntry.Stage("toy.spell", "Writes a number out.", "Emits one for one. Never fails.", (_, step) =>
            Stage.Map<Figure, Word>("toy.spell", step.Flow, (n, _) => new Word($"{n.Number}"))),
        StageEntry.Stage("toy.refuse", "Refuses multiples.", "Emits the rest. Fails multiples.", (f, step) => Refuse(
            step.Flow, f.Require("multiples_of", Decode.WholeNumber.Between(1, 1000), "What is refused."))),
        StageEntry.Stage("toy.break", "Has a bug.", "Emits nothing.", (f, step) => Break(
            step.Flow, f.Get("how", Decode.OneOf(("bug", "bug"), ("disk", "disk"), ("bracket", "bracket"), ("options", "options")), "bug", "What happens."))),
        StageEntry.Stage("toy.total", "Adds up.", "Emits the sum so far. Never fails.", (_, step) => Stage.Fold<Sum, Figure, Figure>(
            "toy.total", step.Flow, _ => new Sum(), (sum, n, _) => Result.Ok<IReadOnlyList<Figure>>([new Figure(sum.Value += n.Number)]), _ => [])),
        StageEntry.Sink("toy.collect", "Keeps what it gets.", "Never fails.", (_, step) =>
            new Sink<Figure>("toy.collect", step.Flow, _ => new Keep(Collected))),
        StageEntry.Sink("toy.score", "Reports a score.", "Never fails.", (f, step) => Score(
            step.Flow, f.Get("accuracy", Decode.Number.Between(0, 1), 0.5, "What it says."))),
        StageEntry.Sink("toy.words", "Reads words.", "Never fails.", (_, step) => new Sink<Word>("toy.words", step.Flow, _ => new Ignore<Word>())),
        StageEntry.Sink("toy.lists", "Reads lists.", "Never fails.", (_, step) =>
            new Sink<IReadOnlyList<Figure>>("toy.lists", step.Flow, _ => new Ignore<IReadOnlyList<Figure>>())),
    ];

    private static Source<Figure> Count(int to) => new(
        "toy.count",
        (_, cursor, _) => Enumerable.Range(0, to).Skip((int)cursor.Position)
            .Select(i => new Sourced<Figure>(new Figure(i), new Origin("toys", $"{i:D3}"), 8)).ToAsyncEnumerable(),
        (_, _) => Task.FromResult<long?>(to));

    private static Source<Figure> Endless()
    {
        return new("toy.endless", (_, _, stop) => Read(stop), (_, _) => Task.FromResult<long?>(null));

        static async IAsyncEnumerable<Sourced<Figure>> Read([EnumeratorCancellation] CancellationToken stop)
        {
            for (var i = 0; ; i++)
            {
                await Task.Yield();
                stop.ThrowIfCancellationRequested();
                yield return new Sourced<Figure>(new Figure(i), new Origin("toys", $"{i}"), 8);
            }
        }
    }

    private static Stage<Figure, Figure> Add(FlowOptions flow, int by) => Stage.Map<Figure, Figure>("toy.add", flow, (n, _) => new Figure(n.Number + by));

    /// <remarks>One at a time, so that it is certain which reject is the last that a run bears.</remarks>
    private static Stage<Figure, Figure> Refuse(FlowOptions flow, int multiplesOf) => Stage.Map<Figure, Figure>("toy.refuse", flow with { Parallelism = 1 }, (n, _) =>
        n.Number % multiplesOf == 0 ? new Fault("toy.multiple", $"expected no multiple of {multiplesOf}, found {n.Number}") : n);

    private static Stage<Figure, Figure> Break(FlowOptions flow, string? how) => Stage.Map<Figure, Figure>("toy.break", flow, Result<Figure> (_, _) => throw (how switch
    {
        "disk" => new RunException("the disk '[/mnt]' is full"),
        "options" => new OptionsException("toy.break needs smaller numbers"),
        "bracket" => new InvalidOperationException("unbalanced [bracket"),
        _ => new InvalidOperationException("a bug"),
    }));

    private static Sink<Figure> Score(FlowOptions flow, double accuracy) => new("toy.score", flow, context => new Scorer(context, accuracy));

    private sealed class Ignore<T> : ISinkWriter<T>
    {
        public Task<Fault?> WriteAsync(T value, ItemContext item, CancellationToken stop) => Task.FromResult<Fault?>(null);

        public Task CompleteAsync(CancellationToken stop) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Keep(List<int> kept) : ISinkWriter<Figure>
    {
        public Task<Fault?> WriteAsync(Figure value, ItemContext item, CancellationToken stop)
        {
            kept.Add(value.Number);
            return Task.FromResult<Fault?>(null);
        }

        public Task CompleteAsync(CancellationToken stop) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Sum
    {
        public int Value { get; set; }
    }

    private sealed class Scorer(IStageContext context, double accuracy) : ISinkWriter<Figure>
    {
        public Task<Fault?> WriteAsync(Figure value, ItemContext item, CancellationToken stop)
        {
            context.Show("loss", 1.0 / (value.Number + 1));
            return Task.FromResult<Fault?>(null);
        }

        public Task CompleteAsync(CancellationToken stop)
        {
            context.Log("warning", "Toys are [not] images.");
            context.Report(new StageReport(
                "toy.score", [new("accuracy", accuracy), new("miou", accuracy / 2), new("images", 10)], ["Protocol: made up.", $"Maps lie in {context.PathInRun("maps")}."]));
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
