namespace InMARS.Cli.Sweeps;

/// <summary>How a sweep is to be run.</summary>
/// <param name="Jobs">Runs at once, 1 or more.</param>
/// <param name="Overwrite">Whether even finished runs are made again.</param>
/// <param name="AnyVersion">Whether finished runs of other versions of the program are kept.</param>
/// <param name="Dry">Whether to say only what would be run.</param>
internal sealed record SweepRequest(int Jobs, bool Overwrite, bool AnyVersion = false, bool Dry = false);
