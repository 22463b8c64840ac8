namespace InMARS.Cli;

/// <summary>What the program says to whoever started it; runs add 3 and 4, see <see cref="Pipeline.Runs.RunOutcome.ExitCode"/>.</summary>
internal static class ExitCodes
{
    public const int Clean = 0;
    public const int Failed = 1;
    public const int BadUsage = 2;

    /// <summary>Done, but items were rejected.</summary>
    public const int Rejects = 3;

    /// <summary>A run was stopped and can be resumed; sysexits.h calls it EX_TEMPFAIL.</summary>
    public const int Resumable = 75;

    /// <summary>Ended at once by a second signal, or interrupted where there is nothing to resume.</summary>
    public const int Interrupted = 130;
}
