using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>A flow at one of its borders: enough to go on from there as if nothing had been.</summary>
/// <param name="Next">The first item that is not behind it.</param>
/// <param name="Entries">Books and states of the stages, as <see cref="StateArchive"/> names them.</param>
public sealed record FlowState(string Flow, Cursor Next, IReadOnlyDictionary<string, byte[]> Entries)
{
    /// <summary>What only ever grows of the books and states, where it is not among the entries.</summary>
    public IReadOnlyDictionary<string, GrowingEntry> Growing { get; init; } = new Dictionary<string, GrowingEntry>();
}
