using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Stages;

internal sealed record MapStage<TResource, TIn, TOut>(
    string Name, FlowOptions Flow, Func<IStageContext, TResource> OpenResource, ResourceKernel<TResource, TIn, TOut> Kernel)
    : Stage<TIn, TOut>(Name)
{
    internal override IReadOnlyList<StageNode> Nodes => [new StageNode(Name, Flow, 1, 1, typeof(TOut)) { Borrows = Borrows }];

    internal override bool IsMap => true;

    internal override bool LeavesLate => true;

    internal override Outlet<TOut> Open(Run run, Outlet<TIn> upstream)
    {
        var stage = run.Add(Name, Flow, upstream.Books);
        var resource = OpenResource(stage);
        run.AtEnd(() => stage.CloseAsync(resource));
        var block = run.Watch(KernelBlock.Open<TIn, TOut, TOut>(stage, (input, item) => Kernel(resource, input, item), output => [output]));
        upstream.Block.LinkTo(block, Run.Linked);
        return new Outlet<TOut>(block, stage.Books);
    }
}

internal sealed record MapAsyncStage<TIn, TOut>(string Name, FlowOptions Flow, AsyncKernel<TIn, TOut> Kernel) : Stage<TIn, TOut>(Name)
{
    internal override IReadOnlyList<StageNode> Nodes => [new StageNode(Name, Flow, 1, 1, typeof(TOut)) { Borrows = Borrows }];

    internal override bool LeavesLate => true;

    internal override Outlet<TOut> Open(Run run, Outlet<TIn> upstream)
    {
        var stage = run.Add(Name, Flow, upstream.Books);
        var block = run.Watch(KernelBlock.Open(stage, Kernel));
        run.AtEnd(() => stage.CloseAsync<object?>(null));
        upstream.Block.LinkTo(block, Run.Linked);
        return new Outlet<TOut>(block, stage.Books);
    }
}
