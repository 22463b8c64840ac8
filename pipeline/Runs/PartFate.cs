namespace InMARS.Pipeline.Runs;

/// <summary>What becomes of a part of a flow.</summary>
public enum Fate
{
    /// <summary>It is not read again.</summary>
    Reuse,

    /// <summary>What has been read of it is used, and the rest is read.</summary>
    GoOn,

    /// <summary>It was read, and is read again.</summary>
    Redo,

    /// <summary>It is read for the first time.</summary>
    Do,
}

/// <summary>What becomes of files of one epoch that lie beside each other, or of whole epochs, when a run is resumed.</summary>
/// <param name="FirstEpoch">From 1.</param>
/// <param name="LastEpoch">Equal to the first where files are told.</param>
/// <param name="FirstFile">As the run file names it; null where whole epochs are told.</param>
/// <param name="Files">Files from the first to the last, in the order of the source.</param>
/// <param name="Sample">Samples of the file that are not read again; null where none or all are.</param>
public sealed record PartFate(int FirstEpoch, int LastEpoch, string? FirstFile, string? LastFile, int Files, Fate Fate, long? Sample, string Reason);
