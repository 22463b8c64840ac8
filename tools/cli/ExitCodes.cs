namespace InMARS.Cli;

/// <summary>What the program says to whoever started it; runs add 3 and 4, see <see cref="Pipeline.Runs.RunOutcome.ExitCode"/>.</summary>
internal static class ExitCodes
{
    public const int Clean = 0;
    public const int Failed = 1;
    public const int BadUsage = 2;

    /// <summary>Done, but items were rejected.</summary>
    public const int Rejects = 3;
    public const int Interrupted = 130;
}
