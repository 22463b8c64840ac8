using System.CommandLine;
using InMARS.Cli.Execution;
using InMARS.Cli.Sweeps;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Sweeps;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars run</c>: runs the flows of a run file, once or with several seeds.</summary>
internal static class RunCommand
{
    /// <summary>The option by which a sweep can stop its runs.</summary>
    public const string StopWithInput = "--stop-with-input";

    public static Command Make(Shell shell)
    {
        var (file, set, quiet) = (CommonOptions.RunFile(), CommonOptions.Set(), CommonOptions.Quiet());
        var overwrite = CommonOptions.Overwrite("Empties the run directory first, if a run lies there; of repeats, makes finished ones again.");
        var repeats = CommonOptions.Number("--repeats", "Runs with seeds that count up, and a table of mean and spread; as run.repeats where absent.");
        repeats.Validators.Add(ShardCommand.AtLeastOne);
        var (jobs, anyVersion) = (SweepCommand.Jobs(), SweepCommand.AnyVersion());
        (jobs.Description, anyVersion.Description) = ("Repeats at a time.", "Of repeats, keeps finished ones of other versions of the program too.");
        var (accept, follow) = (CommonOptions.Accept(), Follow());
        var command = new CliCommand(
            "run",
            "Runs the flows of a run file, one after the other.",
            "inmars run config.yaml",
            "inmars run config.yaml --overwrite --set flows.train.epochs=3",
            "inmars run config.yaml --repeats 3",
            "inmars run config.yaml --set run.name=fine --set define.prepare.superpixel.slic.with.region_size=6") { file, set, overwrite, repeats, jobs, anyVersion, accept, quiet, follow };
        command.Validators.Add(result =>
        {
            if (result.GetValue(accept) && result.GetValue(repeats) > 1)
            {
                result.AddError("--accept goes with a run that is not repeated");
            }
        });
        command.SetAction((parsed, _) => RunAsync(
            Following(shell, parsed.GetValue(follow)),
            parsed.GetRequiredValue(file),
            [.. parsed.GetValue(set) ?? [], .. parsed.GetValue(repeats) is { } n ? [$"run.repeats={n}"] : Array.Empty<string>()],
            new SweepRequest(parsed.GetValue(jobs), parsed.GetValue(overwrite), parsed.GetValue(anyVersion)),
            new Wish(parsed.GetValue(accept), parsed.GetValue(quiet))));
        return command;
    }

    public static Option<bool> Follow() => new(StopWithInput) { Description = "Stops, as by Ctrl-C, when standard input ends.", Hidden = true };

    public static Shell Following(Shell shell, bool follow) => follow ? shell with { Interrupt = InputSignal.EndOr(shell.Interrupt) } : shell;

    private sealed record Wish(bool Accept, bool Quiet);

    private static Task<int> RunAsync(Shell shell, string file, IReadOnlyList<string> overrides, SweepRequest request, Wish wish)
    {
        var read = RunFile.Read(file, overrides, shell.BuiltIn);
        return read.Match(plan => plan.Settings.Repeats, _ => 1) == 1
            ? RunExecution.ExecuteAsync(shell, read, request.Overwrite, wish.Quiet, wish.Accept)
            : read.Bind(plan => SweepPlan.OfRepeats(file, overrides, plan, shell.BuiltIn)).Match(
                plan => SweepCommand.RunAsync(shell, plan, request),
                errors => Task.FromResult(RunExecution.Refuse(shell, errors)));
    }
}
