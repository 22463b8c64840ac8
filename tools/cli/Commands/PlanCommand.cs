using System.CommandLine;
using InMARS.Cli.Display;
using InMARS.Cli.Execution;
using InMARS.Cli.Planning;
using InMARS.Pipeline.Configuration;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars plan</c>: what a run will take and what it would refuse, before it begins.</summary>
internal static class PlanCommand
{
    public static Command Make(Shell shell)
    {
        var (file, set) = (CommonOptions.RunFile(), CommonOptions.Set());
        var json = new Option<bool>("--json") { Description = "Prints one JSON object, for programs." };
        var command = new CliCommand(
            "plan",
            "Looks at the inputs of a run file, tries every flow with a few images in a directory that is thrown away, and tells time, memory and disk of the whole and what would be refused.",
            "inmars plan config.yaml",
            "inmars plan config.yaml --set flows.train.epochs=20 --json") { file, set, json };
        command.SetAction((parsed, _) => RunFile.Read(parsed.GetRequiredValue(file), parsed.GetValue(set) ?? [], shell.BuiltIn).Match(
            plan => TellAsync(shell, plan, parsed.GetValue(json)),
            errors => Task.FromResult(RunExecution.Refuse(shell, errors))));
        return command;
    }

    private static async Task<int> TellAsync(Shell shell, RunPlan plan, bool json) => await (await Outset.CheckAsync(shell, plan)).Match(
        right => TellRightAsync(shell, right, json),
        errors => Task.FromResult(RunExecution.Refuse(shell, errors)));

    private static async Task<int> TellRightAsync(Shell shell, RunPlan plan, bool json)
    {
        var figures = await Planner.MakeAsync(shell, plan);
        foreach (var line in json ? [PlanJson.Of(figures)] : PlanReport.Lines(figures, shell.Time))
        {
            await shell.Out.WriteLineAsync(line);
        }

        return figures.Refusals.Count == 0 && figures.Fits ? ExitCodes.Clean : ExitCodes.Rejects;
    }
}
