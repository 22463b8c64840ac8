namespace InMARS.Pipeline.Outcomes;

/// <summary>Why one item could not be processed. Expected, reported, and survivable; a bug throws instead.</summary>
/// <param name="Code">Stable dotted identifier, such as <c>image.decode</c>; safe to match on.</param>
/// <param name="Message">One sentence for a person, without item or stage names: the graph adds those.</param>
/// <param name="Cause">The exception that was caught at the boundary, if there was one.</param>
public sealed record Fault(string Code, string Message, Exception? Cause = null)
{
    /// <summary>How often it was tried, from 1.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Whether a disk or a network failed, which may do better the next time; what is not there, or is cut, will not.</summary>
    public bool IsTransient => Cause is IOException and not (FileNotFoundException or DirectoryNotFoundException or EndOfStreamException);
}
