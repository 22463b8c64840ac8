using System.Diagnostics;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Stages;

internal sealed record FoldStage<TState, TIn, TOut>(
    string Name,
    FlowOptions Flow,
    Func<IStageContext, TState> OpenState,
    FoldKernel<TState, TIn, TOut> Step,
    Func<TState, IReadOnlyList<TOut>> Finish,
    int Most) : Stage<TIn, TOut>(Name)
{
    internal override IReadOnlyList<StageNode> Nodes => [new StageNode(Name, Flow, 1, Most, typeof(TOut)) { Borrows = Borrows }];

    internal override bool TriesAgain => false;

    internal override Outlet<TOut> Open(Run run, Outlet<TIn> upstream)
    {
        var stage = run.Add(Name, Flow with { Retries = 0 }, upstream.Books, new StageKind(Sequential: true));
        var thread = new DedicatedThread(Name);
        run.AtEnd(() =>
        {
            thread.Dispose();
            return ValueTask.CompletedTask;
        });
        var state = thread.Invoke(() => OpenState(stage)).GetAwaiter().GetResult();
        run.Borders.Hold(stage.Stage, state, work => thread.Invoke(() =>
        {
            work();
            return true;
        }));
        run.AtEnd(() => new ValueTask(thread.Invoke(() => Closing.Close(state).AsTask()).Unwrap()));
        Result<IReadOnlyList<TOut>> Apply(TIn input, ItemContext item) =>
            ExpandStage<TIn, TOut>.AtMost(Name, Most, Step(state, input, item));
        var block = SequentialBlock.Open(
            run,
            stage,
            upstream.Block,
            stage.Options(scheduler: thread),
            item => stage.Apply<TIn, IReadOnlyList<TOut>, TOut>(item, Apply, outputs => outputs),
            () => Last(run, stage, Finish(state)),
            room: Most);
        return new Outlet<TOut>(block, stage.Books);
    }

    private static Item<TOut>[] Last(Run run, StageRun stage, IReadOnlyList<TOut> outputs)
    {
        stage.Books.Emit(outputs.Count);
        return [.. outputs.Select(output =>
        {
            run.Owned.Own(output);
            return new Item<TOut>(output, new ItemContext(0, run.Plan.Epochs, 0, 1), [], Stopwatch.GetTimestamp());
        })];
    }
}
