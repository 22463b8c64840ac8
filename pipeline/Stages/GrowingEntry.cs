namespace InMARS.Pipeline.Stages;

/// <summary>A list in a checkpoint that is only ever added to, so that a checkpoint need not hold again what the one before it holds.</summary>
/// <param name="Count">Elements at the moment of the checkpoint; the list may have grown since.</param>
/// <param name="Line">An element as JSON on one line, by its place.</param>
public sealed record GrowingEntry(int Count, Func<int, string> Line)
{
    /// <summary>Lines of the elements from one place on.</summary>
    public IEnumerable<string> From(int place) => Enumerable.Range(place, Count - place).Select(Line);
}
