using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Stages;

internal sealed record ExpandStage<TIn, TOut>(string Name, FlowOptions Flow, int Most, Kernel<TIn, IReadOnlyList<TOut>> Kernel)
    : Stage<TIn, TOut>(Name)
{
    internal override IReadOnlyList<StageNode> Nodes => [new StageNode(Name, Flow, 1, Most, typeof(TOut)) { Borrows = Borrows }];

    internal override bool LeavesLate => true;

    internal override Outlet<TOut> Open(Run run, Outlet<TIn> upstream)
    {
        var stage = run.Add(Name, Flow, upstream.Books);
        var block = run.Watch(KernelBlock.Open<TIn, IReadOnlyList<TOut>, TOut>(stage, (input, item) => AtMost(Name, Most, Kernel(input, item)), outputs => outputs));
        run.AtEnd(() => stage.CloseAsync<object?>(null));
        upstream.Block.LinkTo(block, Run.Linked);
        return new Outlet<TOut>(block, stage.Books);
    }

    internal static Result<IReadOnlyList<TOut>> AtMost(string name, int most, Result<IReadOnlyList<TOut>> outputs) =>
        outputs is Result<IReadOnlyList<TOut>>.Ok(var list) && list.Count > most
            ? throw new InvalidOperationException($"Stage '{name}' gave {list.Count} outputs for one input; it declares at most {most}.")
            : outputs;
}
