using System.Globalization;
using InMARS.Pipeline.Graphs;

namespace InMARS.Pipeline.Runs;

/// <summary>What becomes of a flow when its run is resumed.</summary>
/// <param name="Reuse">What is not done again, in words; null where all of it is done.</param>
/// <param name="Redo">What is done, in words; null where nothing is left.</param>
/// <param name="Reason">Why.</param>
public sealed record FlowFate(string Flow, string? Reuse, string? Redo, string Reason)
{
    /// <summary>The same for its epochs and files, those of one fate joined; in order.</summary>
    public IReadOnlyList<PartFate> Parts { get; init; } = [];

    internal static FlowFate Of(FlowPlan flow, SavedState? state) => state switch
    {
        null => new(flow.Name, null, "all of it", "there is no checkpoint"),
        _ when state.Done.Contains(flow.Name) => new(flow.Name, "all of it", null, "it had ended"),
        { Flow: { } at } when at.Flow == flow.Name => new(
            flow.Name,
            at.Next is { Epoch: 0, Position: 0 } ? null : string.Create(CultureInfo.InvariantCulture, $"epochs before {at.Next.Epoch + 1}, and {at.Next.Position} items of epoch {at.Next.Epoch + 1}"),
            string.Create(CultureInfo.InvariantCulture, $"from item {at.Next.Position} of epoch {at.Next.Epoch + 1} of {flow.Epochs}"),
            "the last checkpoint stands there"),
        _ => new(flow.Name, null, "all of it", "no checkpoint was taken within it"),
    };
}
