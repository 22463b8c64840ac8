using System.Collections.Immutable;
using System.Text.Json.Nodes;
using InMARS.Cli.Diagnosis;
using InMARS.Cli.Display;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Stages.Shards;
using Spectre.Console;

namespace InMARS.Cli.Execution;

/// <summary>Runs a plan, or tells why it is none. Every command that runs anything comes through here.</summary>
internal static class RunExecution
{
    /// <returns>The exit code.</returns>
    public static Task<int> ExecuteAsync(Shell shell, Validated<RunPlan> read, bool overwrite, bool quiet, bool accept = false) => read.Match(
        plan => ExecuteAsync(
            shell, plan, quiet, new Outset(overwrite, accept), (options, facts) => Runner.RunAsync(plan, options with { Overwrite = overwrite }, facts, shell.Interrupt)),
        errors => Task.FromResult(Refuse(shell, errors)));

    /// <summary>Runs it, unless what can be known before says that it cannot work.</summary>
    /// <param name="run">Runs it, given how, and the facts of program and machine.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> ExecuteAsync(Shell shell, RunPlan plan, bool quiet, Outset outset, Func<RunOptions, JsonObject, Task<RunOutcome>> run)
    {
        var (room, code) = await outset.LookAsync(shell, plan);
        return room is null ? code : await ExecuteAsync(shell, plan, quiet, (options, facts) => run(options with { Room = room }, facts));
    }

    /// <summary>All errors, one a line, and their number.</summary>
    public static int Refuse(Shell shell, ImmutableArray<ConfigError> errors)
    {
        foreach (var error in errors)
        {
            shell.Error.WriteLine(Plain.OneLine(error.ToString()));
        }

        shell.Error.WriteLine(Plain.Count(errors.Length, "error"));
        return ExitCodes.BadUsage;
    }

    /// <param name="run">Runs it, given how, and the facts of program and machine.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> ExecuteAsync(Shell shell, RunPlan plan, bool quiet, Func<RunOptions, JsonObject, Task<RunOutcome>> run)
    {
        var facts = shell.Settle(plan.Settings);
        var console = Open(shell.Out);
        RunOutcome outcome;
        await using (var view = RunView.Open(shell, console, quiet))
        {
            outcome = await run(
                new RunOptions(false, shell.Time, view)
                {
                    Version = RunFacts.Version,
                    NativeValues = shell.NativeValues,
                    Quarantine = ShardQuarantine.Open,
                    ThreadStacks = ThreadStacks.Read,
                },
                facts);
        }

        if (quiet)
        {
            OutcomeReport.WriteTroubles(outcome, shell);
        }
        else
        {
            OutcomeReport.Write(outcome, shell, console);
        }

        return outcome.ExitCode;
    }

    /// <remarks>A log is read with a window of any width, so its tables are not squeezed into 80 columns.</remarks>
    private static IAnsiConsole Open(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = 120;
        }

        return console;
    }
}
