using InMARS.Pipeline.Graphs;

namespace InMARS.Pipeline.Stages;

/// <summary>A named step from <typeparamref name="TIn"/> to <typeparamref name="TOut"/>: a description, not yet running.</summary>
/// <remarks>The family is closed: Map, MapAsync, Expand, Batch, Fold and Chain. Guests supply kernels, not blocks.</remarks>
public abstract record Stage<TIn, TOut>
{
    private protected Stage(string name) => Name = name;

    public string Name { get; }

    /// <summary>
    /// Whether the stage keeps nothing of an input once that has left it: no array, no part of it. A flow all of whose stages
    /// and sinks say so uses the arrays of images again; in any other the garbage collector has them.
    /// </summary>
    public bool Borrows { get; init; }

    internal abstract IReadOnlyList<StageNode> Nodes { get; }

    /// <summary>Whether it gives one output for each input and keeps nothing between them.</summary>
    internal virtual bool IsMap => false;

    /// <summary>Whether a fault may be followed by another try: a first try leaves nothing behind.</summary>
    internal virtual bool TriesAgain => true;

    /// <summary>Whether it can leave a late item behind and go on, which takes kernels that keep nothing between items.</summary>
    internal virtual bool LeavesLate => false;

    /// <summary>
    /// What is known behind it of what is known in front of it, the files that it leaves included; before anything runs, and without a look at
    /// anything. Where a stage does not say, its outputs may be of any size.
    /// </summary>
    public Func<Outlook, Outlook>? Foresee { get; init; }

    internal virtual Outlook Foreseen(Outlook before) => Foresee is { } foresee
        ? before.By(Name, foresee)
        : before.Unsized() with { Items = Nodes.All(node => node.Expands == 1) ? before.Items : null };

    internal abstract Outlet<TOut> Open(Run run, Outlet<TIn> upstream);
}

public static class Stage
{
    /// <summary>One output or fault for each input, in order.</summary>
    public static Stage<TIn, TOut> Map<TIn, TOut>(string name, FlowOptions flow, Kernel<TIn, TOut> kernel) =>
        new MapStage<object?, TIn, TOut>(name, flow, _ => null, (_, input, item) => kernel(input, item));

    /// <summary>As <see cref="Map{TIn, TOut}"/>, with a resource opened when the flow starts and disposed when it ends.</summary>
    /// <param name="open">May throw <see cref="Outcomes.RunException"/>: a missing file, a full disk.</param>
    public static Stage<TIn, TOut> Map<TResource, TIn, TOut>(
        string name, FlowOptions flow, Func<IStageContext, TResource> open, ResourceKernel<TResource, TIn, TOut> kernel) =>
        new MapStage<TResource, TIn, TOut>(name, flow, open, kernel);

    /// <summary>One output or fault for each input, in order, for work that waits: a web call, an upload.</summary>
    public static Stage<TIn, TOut> MapAsync<TIn, TOut>(string name, FlowOptions flow, AsyncKernel<TIn, TOut> kernel) =>
        new MapAsyncStage<TIn, TOut>(name, flow, kernel);

    /// <summary>None to <paramref name="most"/> outputs for each input, in order.</summary>
    /// <param name="most">Declared maximum; a kernel that returns more has a bug, and the run stops.</param>
    public static Stage<TIn, TOut> Expand<TIn, TOut>(string name, FlowOptions flow, int most, Kernel<TIn, IReadOnlyList<TOut>> kernel) =>
        new ExpandStage<TIn, TOut>(name, flow, most, kernel);

    /// <summary>Groups of <paramref name="size"/> inputs, in order, across epochs.</summary>
    /// <param name="last">What becomes of a short group at the end of the flow.</param>
    public static Stage<T, IReadOnlyList<T>> Batch<T>(string name, FlowOptions flow, int size, LastBatch last) =>
        new BatchStage<T>(name, flow, size, last);

    /// <summary>A step with state, one item at a time. Opened, stepped, finished and disposed on one thread of its own.</summary>
    /// <param name="open">Makes the state when the flow starts.</param>
    /// <param name="step">Changes the state; the state is the same object at every call.</param>
    /// <param name="finish">Called after the last item of a flow that went well; what it returns is emitted.</param>
    /// <param name="most">Outputs of one step, at most.</param>
    public static Stage<TIn, TOut> Fold<TState, TIn, TOut>(
        string name,
        FlowOptions flow,
        Func<IStageContext, TState> open,
        FoldKernel<TState, TIn, TOut> step,
        Func<TState, IReadOnlyList<TOut>> finish,
        int most = 1) =>
        new FoldStage<TState, TIn, TOut>(name, flow with { Parallelism = 1 }, open, step, finish, most);

    extension<TIn, TMid, TOut>(Stage<TIn, TMid>)
    {
        /// <summary>Left to right composition, as F#'s <c>&gt;&gt;</c>.</summary>
        public static Stage<TIn, TOut> operator >>(Stage<TIn, TMid> first, Stage<TMid, TOut> second) =>
            new Chain<TIn, TMid, TOut>(first, second);
    }

    extension<TIn, TOut>(Flow<TIn>)
    {
        /// <summary>Puts a stage behind a source.</summary>
        public static Flow<TOut> operator >>(Flow<TIn> upstream, Stage<TIn, TOut> stage) => new StagedFlow<TIn, TOut>(upstream, stage);
    }

    extension<T>(Flow<T>)
    {
        /// <summary>Closes a graph.</summary>
        public static IGraph operator >>(Flow<T> upstream, Sink<T> sink) => new Graph<T>(upstream, [sink]);

        /// <summary>Closes a graph with several sinks, each of which sees every item; the slowest holds the others back.</summary>
        public static IGraph operator >>(Flow<T> upstream, IReadOnlyList<Sink<T>> tee) => new Graph<T>(upstream, tee);
    }
}

/// <summary>What becomes of a short last batch.</summary>
public enum LastBatch
{
    Keep,
    Drop,
}

internal sealed record Chain<TIn, TMid, TOut>(Stage<TIn, TMid> First, Stage<TMid, TOut> Second)
    : Stage<TIn, TOut>($"{First.Name} >> {Second.Name}")
{
    internal override IReadOnlyList<StageNode> Nodes => [.. First.Nodes, .. Second.Nodes];

    internal override bool IsMap => First.IsMap && Second.IsMap;

    internal override bool TriesAgain => First.TriesAgain || Second.TriesAgain;

    internal override bool LeavesLate => First.LeavesLate || Second.LeavesLate;

    internal override Outlook Foreseen(Outlook before) => Second.Foreseen(First.Foreseen(before));

    internal override Outlet<TOut> Open(Run run, Outlet<TIn> upstream) => Second.Open(run, First.Open(run, upstream));
}

internal sealed record StagedFlow<TIn, TOut>(Flow<TIn> Upstream, Stage<TIn, TOut> Stage) : Flow<TOut>($"{Upstream.Name} >> {Stage.Name}")
{
    internal override IReadOnlyList<StageNode> Nodes => [.. Upstream.Nodes, .. Stage.Nodes];

    internal override IReadOnlyList<string> Inputs => Upstream.Inputs;

    internal override ISource Head => Upstream.Head;

    internal override bool IsMapped => Upstream.IsMapped && Stage.IsMap;

    internal override Outlook Foresee(Outlook start) => Stage.Foreseen(Upstream.Foresee(start));

    internal override Flow<TOut> Cut(SourceCut cut) => this with { Upstream = Upstream.Cut(cut) };

    internal override IGraph Beginning(SourceCut cut) => IsMapped ? Discarding.Close(Cut(cut)) : Upstream.Beginning(cut);

    internal override Outlet<TOut> Open(Run run) => Stage.Open(run, Upstream.Open(run));
}
