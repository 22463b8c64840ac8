using InMARS.Pipeline.Runs;
using Spectre.Console;

namespace InMARS.Cli.Display;

/// <summary>Where a run is, as lines for a person; on a terminal the first has the colour of its state.</summary>
internal static class StatusReport
{
    public static void Write(string directory, RunStatus status, RunWarnings? warnings, Shell shell)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(shell.Out) });
        var lines = Lines(directory, status, warnings, shell.Time).Select(Plain.OneLine).ToList();
        if (console.Profile.Out.IsTerminal)
        {
            console.Write(new Text(lines[0] + "\n", new Style(Colour(status.State), decoration: Decoration.Bold)));
            lines.RemoveAt(0);
        }

        lines.ForEach(shell.Out.WriteLine);
    }

    internal static IEnumerable<string> Lines(string directory, RunStatus status, RunWarnings? warnings, TimeProvider time)
    {
        var clock = new LocalClock(time);
        IEnumerable<string?> rest =
        [
            $"Last checkpoint: {Checkpoint(status, clock)}",
            Memory(status),
            warnings is null ? null : warnings.Last is { } last ? $"Warnings: {Plain.Count(warnings.Count)}; the last: {last}" : "Warnings: none",
        ];
        return [$"{directory}: {Head(status, clock)}", .. FlowLines.Of(status, clock), .. rest.OfType<string>()];
    }

    private static Color Colour(RunState state) => state switch
    {
        RunState.Running or RunState.Finished => Color.Green,
        RunState.Stopped => Color.Yellow,
        _ => Color.Red,
    };

    private static string Head(RunStatus status, LocalClock clock)
    {
        var last = status.LastSession;
        var count = status.Sessions.Count > 1 ? $", session {status.Sessions.Count}" : "";
        return status.State switch
        {
            RunState.Running => $"running by {status.Holder?.Told(clock.Time)}{count}",
            RunState.Dead when last is not null =>
                $"dead without an end{count}; process {last.Event.Pid} on host '{last.Event.Host}' began at {clock.Of(last.Started)} and is gone",
            RunState.Dead => "dead without an end; it was stopped before it began",
            var state => $"{state.ToString().ToLowerInvariant()} at {clock.Of(last?.Ended)}{count}{(last?.Reason is { } reason ? $": {reason}" : "")}",
        };
    }

    private static string Checkpoint(RunStatus status, LocalClock clock)
    {
        if (status.LastCheckpoint is not { Event: var taken, Time: var time })
        {
            return "none";
        }

        return $"{taken.Sequence}, of flow {taken.Flow}, epoch {taken.Epoch}, position {Plain.Count(taken.Position)}; "
            + $"{Age(status, time)} ago, at {clock.Of(time)}; {taken.File.Path}, {Plain.Mebibytes(taken.File.Bytes)}";
    }

    private static string? Memory(RunStatus status)
    {
        if (status.Flows.Select(f => f.Progress).OfType<ProgressRow>().MaxBy(p => p.Time) is not { } latest)
        {
            return null;
        }

        var m = latest.Event.Memory;
        var native = m.NativeValues is { } values ? $", {Plain.Count(values, "live tensor")}" : "";
        return $"Memory: {Plain.Mebibytes(m.Resident)} resident, {Plain.Mebibytes(m.Managed)} managed, {Plain.Mebibytes(m.Queued)} in queues{native}; "
            + $"{Age(status, latest.Time)} ago";
    }

    /// <remarks>The clocks of two machines need not agree.</remarks>
    private static string Age(RunStatus status, DateTimeOffset time) => Plain.About(status.Time > time ? status.Time - time : TimeSpan.Zero);
}
