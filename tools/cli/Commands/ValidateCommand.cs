using System.CommandLine;
using InMARS.Cli.Display;
using InMARS.Cli.Execution;
using InMARS.Pipeline.Configuration;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars validate</c>: everything that <c>run</c> does before it opens anything.</summary>
internal static class ValidateCommand
{
    public static Command Make(Shell shell)
    {
        var (file, set) = (CommonOptions.RunFile(), CommonOptions.Set());
        var command = new CliCommand(
            "validate",
            "Reads a run file and tells all its errors; opens nothing.",
            "inmars validate config.yaml",
            "inmars validate config.yaml --set flows.train.steps.batch.with.size=16") { file, set };
        command.SetAction(parsed => RunFile.Read(parsed.GetRequiredValue(file), parsed.GetValue(set) ?? [], shell.BuiltIn).Bind(Outset.Check).Match(
            plan => Say(shell, plan),
            errors => RunExecution.Refuse(shell, errors)));
        return command;
    }

    private static int Say(Shell shell, RunPlan plan)
    {
        shell.Out.WriteLine($"valid: {Plain.Count(plan.Flows.Count, "flow")} ({string.Join(", ", plan.Flows.Select(f => f.Name))}) into {plan.Settings.Directory}");
        return ExitCodes.Clean;
    }
}
