using System.Diagnostics;
using InMARS.Pipeline.Graphs;

namespace InMARS.Pipeline.Stages;

internal sealed record BatchStage<T>(string Name, FlowOptions Flow, int Size, LastBatch Last) : Stage<T, IReadOnlyList<T>>(Name)
{
    internal override IReadOnlyList<StageNode> Nodes => [new StageNode(Name, Flow with { Parallelism = 1 }, Size, 1, typeof(IReadOnlyList<T>)) { Borrows = true }];

    internal override Outlook Foreseen(Outlook before) => before.By(Name, Foresee ?? (items => items.Together(Size, null)));

    internal override Outlet<IReadOnlyList<T>> Open(Run run, Outlet<T> upstream)
    {
        var stage = run.Add(Name, Flow, upstream.Books, new StageKind(Sequential: true, Gathers: Size));
        var filling = new List<Item<T>>(Size);
        // What is filling stands outside the block's own queue, so it comes off the queue's capacity.
        var options = stage.Options(Math.Max(1, Flow.Capacity - Size + 1));
        var block = SequentialBlock.Open(
            run, stage, upstream.Block, options, item => Add(run, stage, filling, item), () => Flush(run, stage, filling), room: 1);
        return new Outlet<IReadOnlyList<T>>(block, stage.Books);
    }

    private IReadOnlyList<Item<IReadOnlyList<T>>> Add(Run run, StageRun stage, List<Item<T>> filling, Item<T> item)
    {
        stage.Books.Took(item.Tickets);
        var begun = stage.Meter.Begin(item.ReadyAt);
        var full = filling.Count + 1 == Size ? Fill(run, stage, filling, item) : Wait(run, filling, item);
        stage.Meter.End(begun);
        return full;
    }

    private static IReadOnlyList<Item<IReadOnlyList<T>>> Wait(Run run, List<Item<T>> filling, Item<T> item)
    {
        filling.Add(item);
        run.Budget.Park(item.Tickets);
        return [];
    }

    /// <remarks>The last item is never parked: for a moment the graph would look as if all of it waited for more.</remarks>
    private static IReadOnlyList<Item<IReadOnlyList<T>>> Fill(Run run, StageRun stage, List<Item<T>> filling, Item<T> item)
    {
        Unpark(run, filling);
        filling.Add(item);
        return Emit(stage, filling);
    }

    private IReadOnlyList<Item<IReadOnlyList<T>>> Flush(Run run, StageRun stage, List<Item<T>> filling)
    {
        if (filling.Count == 0 || Last == LastBatch.Keep)
        {
            Unpark(run, filling);
            return filling.Count == 0 ? [] : Emit(stage, filling);
        }

        stage.Books.Drop(filling.Count);
        foreach (var item in filling)
        {
            run.Budget.Unpark(item.Tickets);
            run.Budget.Leave(item.Tickets);
            run.Owned.Release(item.Value);
        }

        filling.Clear();
        return [];
    }

    private static void Unpark(Run run, List<Item<T>> filling) => filling.ForEach(item => run.Budget.Unpark(item.Tickets));

    private static ItemArrays? Arrays(List<Item<T>> filling) => ItemArrays.Of([.. filling.Select(item => item.Context.Arrays).OfType<ItemArrays>()]);

    private static IReadOnlyList<Item<IReadOnlyList<T>>> Emit(StageRun stage, List<Item<T>> filling)
    {
        var values = filling.Select(item => item.Value).ToArray();
        var tickets = filling.SelectMany(item => item.Tickets).ToArray();
        var batch = new Item<IReadOnlyList<T>>(values, filling[^1].Context with { Arrays = Arrays(filling) }, tickets, Stopwatch.GetTimestamp());
        stage.Books.Pass(filling.Count);
        stage.Books.Emit();
        filling.Clear();
        return [batch];
    }
}
