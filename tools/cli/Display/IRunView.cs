using InMARS.Pipeline.Runs;
using Spectre.Console;

namespace InMARS.Cli.Display;

/// <summary>Shows a run while it goes on; disposed when it has ended.</summary>
internal interface IRunView : IRunObserver, IAsyncDisposable;

/// <summary>Chooses how a run is shown.</summary>
internal static class RunView
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    /// <param name="quiet">Warnings only.</param>
    public static IRunView Open(Shell shell, IAnsiConsole console, bool quiet) => console.Profile switch
    {
        { Capabilities: { Interactive: true, Ansi: true }, Out.IsTerminal: true } when !quiet => new LiveView(shell, console),
        _ => new LineView(shell, quiet ? Timeout.InfiniteTimeSpan : BetweenLines, quiet),
    };
}
