using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Stages;

/// <summary>The open end of a sink. Called by one item at a time, in the order of the source.</summary>
public interface ISinkWriter<in T> : IAsyncDisposable
{
    /// <summary>Takes one item, which it borrows. A returned fault rejects the item; a <see cref="RunException"/> stops the run.</summary>
    Task<Fault?> WriteAsync(T value, ItemContext item, CancellationToken stop);

    /// <summary>Called once after the last item of a flow that went well; makes the output final. Not called when the run fails.</summary>
    Task CompleteAsync(CancellationToken stop);
}

/// <summary>A named end of a graph: a description, not yet open.</summary>
public sealed record Sink<T>(string Name, FlowOptions Flow, Func<IStageContext, ISinkWriter<T>> Open)
{
    /// <summary>Adds the files that it is going to leave to what is known of its items; before anything runs, and without a look at anything.</summary>
    public Func<Outlook, Outlook> Foresee { get; init; } = outlook => outlook;

    /// <summary>As <see cref="Stage{TIn, TOut}.Borrows"/>.</summary>
    public bool Borrows { get; init; }
}
