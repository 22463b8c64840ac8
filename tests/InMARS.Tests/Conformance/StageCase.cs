using InMARS.Pipeline.Stages;

namespace InMARS.Tests.Conformance;

/// <summary>A stage and the items to try it with.</summary>
/// <param name="Stage">Makes the stage anew, as the run file would.</param>
/// <param name="Items">Make the items anew, each the same at every call: whole, empty, corrupt and huge ones.</param>
/// <param name="In">Everything that an input holds, as text, so that a change of it shows.</param>
/// <param name="Out">Everything that an output holds, as text.</param>
public sealed record StageCase<TIn, TOut>(
    Func<FlowOptions, Stage<TIn, TOut>> Stage, IReadOnlyList<Func<TIn>> Items, Func<TIn, string> In, Func<TOut, string> Out)
{
    /// <summary>How often an input was disposed; null where inputs need no disposing.</summary>
    public Func<TIn, int>? Disposals { get; init; }
}
