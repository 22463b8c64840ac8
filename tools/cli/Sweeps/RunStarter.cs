namespace InMARS.Cli.Sweeps;

/// <summary>Makes the run of a run file, replacing what lies in its directory, and ends when it has ended.</summary>
/// <param name="log">File for all that the run says.</param>
/// <param name="stop">Asks the run to stop; it is waited for all the same.</param>
internal delegate Task<RunExit> RunStarter(string runFile, string log, CancellationToken stop);

/// <param name="LastWords">The last line that the run said to be wrong; empty where it said none.</param>
internal sealed record RunExit(int Code, string LastWords);
