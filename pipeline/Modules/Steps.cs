using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Modules;

/// <summary>A graph under construction whose item type only it knows: the left side of the next link.</summary>
public interface IOpenFlow
{
    /// <summary>What comes out at its end, for messages.</summary>
    string LastName { get; }

    Type Gives { get; }

    Validated<IOpenFlow> Then(IStageStep stage, ConfigNode at);

    Validated<IGraph> Into(IReadOnlyList<(ISinkStep Sink, ConfigNode At)> sinks);
}

/// <summary>A stage as read from a step, before the type on its left is known.</summary>
public interface IStageStep
{
    /// <summary>Whether a fault of it may be followed by another try.</summary>
    bool TriesAgain => true;

    /// <summary>Whether a time limit for an item may be given: the stage can leave a late one behind and go on.</summary>
    bool LeavesLate => false;

    /// <summary>Links behind <paramref name="upstream"/>, or says which types do not fit.</summary>
    Validated<IOpenFlow> Behind<T>(Flow<T> upstream, string upstreamName, ConfigNode at);
}

/// <summary>A sink as read from a step, before the type on its left is known.</summary>
public interface ISinkStep
{
    Validated<Sink<T>> Behind<T>(string upstreamName, ConfigNode at);
}

/// <summary>A flow with its item type: double dispatch gives each step the type before it, without reflection.</summary>
public sealed record OpenFlow<T>(Flow<T> Flow, string LastName) : IOpenFlow
{
    public Type Gives => typeof(T);

    public Validated<IOpenFlow> Then(IStageStep stage, ConfigNode at) => stage.Behind(Flow, LastName, at);

    public Validated<IGraph> Into(IReadOnlyList<(ISinkStep Sink, ConfigNode At)> sinks) =>
        sinks.Select(s => s.Sink.Behind<T>(LastName, s.At)).Gather().Map(tee => Flow >> tee);
}

/// <summary>A source as read from a step.</summary>
public interface ISourceStep
{
    /// <param name="policy">What becomes of items that it cannot read.</param>
    IOpenFlow Open(FlowOptions policy);
}

internal sealed record SourceStep<T>(Source<T> Source) : ISourceStep
{
    public IOpenFlow Open(FlowOptions policy) => new OpenFlow<T>(Source with { Policy = policy }, Source.Name);
}

internal sealed record StageStep<TIn, TOut>(Stage<TIn, TOut> Stage) : IStageStep
{
    public bool TriesAgain => Stage.TriesAgain;

    public bool LeavesLate => Stage.LeavesLate;

    public Validated<IOpenFlow> Behind<T>(Flow<T> upstream, string upstreamName, ConfigNode at) =>
        upstream is Flow<TIn> fits
            ? Validated.Ok<IOpenFlow>(new OpenFlow<TOut>(fits >> Stage, Stage.Name))
            : at.Error(TypeNames.Mismatch(upstreamName, typeof(T), Stage.Name, typeof(TIn)));
}

internal sealed record SinkStep<TIn>(Sink<TIn> Sink) : ISinkStep
{
    public Validated<Sink<T>> Behind<T>(string upstreamName, ConfigNode at) =>
        Sink is Sink<T> fits
            ? fits
            : at.Error(TypeNames.Mismatch(upstreamName, typeof(T), Sink.Name, typeof(TIn)));
}

/// <summary>A stage that takes items of any type: the type is settled by what stands before it.</summary>
public abstract record GenericStep(string Name) : IStageStep
{
    public abstract Validated<IOpenFlow> Behind<T>(Flow<T> upstream, string upstreamName, ConfigNode at);
}
