namespace InMARS.Cli.Execution;

/// <summary>How items in quarantine are to be tried again.</summary>
/// <param name="Overrides">As <c>path=value</c>: the fix, where it is one of the run file.</param>
/// <param name="Accept">Whether to go on although the run file or the program has changed.</param>
/// <param name="Quiet">Whether only what is wrong is said.</param>
internal sealed record RequeueRequest(IReadOnlyList<string> Overrides, bool Accept, bool Quiet);
