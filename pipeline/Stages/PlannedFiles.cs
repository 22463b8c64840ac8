namespace InMARS.Pipeline.Stages;

/// <summary>Files that a stage is going to leave on a disk.</summary>
/// <param name="What">What they hold, in the plural, such as <c>label maps</c>.</param>
/// <param name="Place">Path of the folder, or of the file. What lies there already is taken off.</param>
/// <param name="Bytes">All of them together, over all epochs; null where that is not known.</param>
public sealed record PlannedFiles(string What, string Place, long? Bytes)
{
    private const long Block = 4096;

    /// <summary>Whether flows leave the same files there, or in place of one another, so that the most of any flow counts and not the sum.</summary>
    public bool Shared { get; init; }

    /// <summary>Room that a file of so many bytes takes.</summary>
    public static double OnDisk(double bytes) => Math.Ceiling(bytes / Block) * Block;
}
