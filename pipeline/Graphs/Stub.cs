using InMARS.Pipeline.Graphs;

namespace InMARS.Pipeline.Stages;

internal sealed record MapStage<TResource, TIn, TOut>(string Label, FlowOptions Flow, Func<IStageContext, TResource> OpenResource, ResourceKernel<TResource, TIn, TOut> Kernel) : Stage<TIn, TOut>(Label)
{
    internal override IReadOnlyList<StageNode> Nodes => [];
    internal override Outlet<TOut> Open(Run run, Outlet<TIn> upstream) => throw new InvalidOperationException();
}
internal sealed record MapAsyncStage<TIn, TOut>(string Label, FlowOptions Flow, AsyncKernel<TIn, TOut> Kernel) : Stage<TIn, TOut>(Label)
{
    internal override IReadOnlyList<StageNode> Nodes => [];
    internal override Outlet<TOut> Open(Run run, Outlet<TIn> upstream) => throw new InvalidOperationException();
}
internal sealed record ExpandStage<TIn, TOut>(string Label, FlowOptions Flow, int Most, Kernel<TIn, IReadOnlyList<TOut>> Kernel) : Stage<TIn, TOut>(Label)
{
    internal override IReadOnlyList<StageNode> Nodes => [];
    internal override Outlet<TOut> Open(Run run, Outlet<TIn> upstream) => throw new InvalidOperationException();
}
internal sealed record BatchStage<T>(string Label, FlowOptions Flow, int Size, LastBatch Last) : Stage<T, IReadOnlyList<T>>(Label)
{
    internal override IReadOnlyList<StageNode> Nodes => [];
    internal override Outlet<IReadOnlyList<T>> Open(Run run, Outlet<T> upstream) => throw new InvalidOperationException();
}
internal sealed record FoldStage<TState, TIn, TOut>(string Label, FlowOptions Flow, Func<IStageContext, TState> OpenState, FoldKernel<TState, TIn, TOut> Step, Func<TState, IReadOnlyList<TOut>> Finish, int Most) : Stage<TIn, TOut>(Label)
{
    internal override IReadOnlyList<StageNode> Nodes => [];
    internal override Outlet<TOut> Open(Run run, Outlet<TIn> upstream) => throw new InvalidOperationException();
}
internal sealed record Graph<T>(Flow<T> Upstream, IReadOnlyList<Sink<T>> Sinks) : IGraph
{
    IReadOnlyList<StageNode> IGraph.Nodes => Upstream.Nodes;
    Task IGraph.RunAsync(Run run) => throw new InvalidOperationException();
}
