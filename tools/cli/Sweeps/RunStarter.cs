namespace InMARS.Cli.Sweeps;

/// <summary>Makes the run of a run file, replacing what lies in its directory, or goes on with what lies there; ends when it has ended.</summary>
/// <param name="unfinished">Run directory to go on with; null to begin anew.</param>
/// <param name="log">File for all that the run says.</param>
/// <param name="stop">Asks the run to stop; it is waited for all the same.</param>
internal delegate Task<RunExit> RunStarter(string runFile, string? unfinished, string log, CancellationToken stop);

/// <param name="LastWords">The last line that the run said to be wrong; empty where it said none.</param>
internal sealed record RunExit(int Code, string LastWords);
