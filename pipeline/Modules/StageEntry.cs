using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Modules;

/// <summary>What a step reader may know besides its <c>with:</c> keys.</summary>
/// <param name="Flow">Parallelism, capacity and fault policy of the step, as given or defaulted.</param>
/// <param name="FlowGiven">Whether the step names a capacity of its own.</param>
/// <param name="Epochs">Passes over the source in this flow.</param>
public sealed record StepContext(FlowOptions Flow, bool FlowGiven, int Epochs);

/// <summary>What kind of step an entry makes.</summary>
public enum EntryKind
{
    Source,
    Stage,
    Sink,
}

/// <summary>A name that run files may <c>use</c>, and how its <c>with:</c> is read.</summary>
/// <param name="Name">Topic and verb or noun, such as <c>image.decode</c>.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Kind">Where it may stand.</param>
/// <param name="Types">What it takes and gives, such as <c>Sample -> RgbImage</c>.</param>
/// <param name="Behaviour">The line "Emits / holds back / fails" of the documentation.</param>
public sealed record StageEntry(string Name, string Summary, EntryKind Kind, string Types, string Behaviour, Func<Fields, StepContext, object> Read)
{
    public IReadOnlyList<FieldNote> Options => Fields.Describe(fields => Read(fields, new StepContext(new FlowOptions(), false, 1)));

    public static StageEntry Source<T>(string name, string summary, string behaviour, Func<Fields, StepContext, Source<T>> read) =>
        new(name, summary, EntryKind.Source, $"-> {TypeNames.Of(typeof(T))}", behaviour, (fields, step) => new SourceStep<T>(read(fields, step)));

    public static StageEntry Stage<TIn, TOut>(string name, string summary, string behaviour, Func<Fields, StepContext, Stage<TIn, TOut>> read) =>
        new(name, summary, EntryKind.Stage, $"{TypeNames.Of(typeof(TIn))} -> {TypeNames.Of(typeof(TOut))}", behaviour, (fields, step) => new StageStep<TIn, TOut>(read(fields, step)));

    public static StageEntry Sink<T>(string name, string summary, string behaviour, Func<Fields, StepContext, Sink<T>> read) =>
        new(name, summary, EntryKind.Sink, $"{TypeNames.Of(typeof(T))} ->", behaviour, (fields, step) => new SinkStep<T>(read(fields, step)));

    /// <summary>An entry for every type of item: a stage that closes over the type of what stands before it.</summary>
    public static StageEntry Generic(string name, string summary, string types, string behaviour, Func<Fields, StepContext, IStageStep> read) =>
        new(name, summary, EntryKind.Stage, types, behaviour, read);
}
