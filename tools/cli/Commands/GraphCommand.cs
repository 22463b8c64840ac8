using System.CommandLine;
using InMARS.Cli.Execution;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars graph</c>: the flows as Mermaid text, with the most that can be alive in each.</summary>
internal static class GraphCommand
{
    public static Command Make(Shell shell)
    {
        var (file, set) = (CommonOptions.RunFile(), CommonOptions.Set());
        var command = new CliCommand(
            "graph",
            "Draws the flows of a run file as Mermaid text, with the most items and MiB that can be alive in each.",
            "inmars graph config.yaml",
            "inmars graph config.yaml > flows.mmd") { file, set };
        command.SetAction(parsed => RunFile.Read(parsed.GetRequiredValue(file), parsed.GetValue(set) ?? [], shell.BuiltIn).Match(
            plan => Draw(shell, plan),
            errors => RunExecution.Refuse(shell, errors)));
        return command;
    }

    private static int Draw(Shell shell, RunPlan plan)
    {
        var budget = MemoryLimit.Budget(plan.Settings.MemoryMb);
        foreach (var (number, flow) in plan.Flows.Index())
        {
            var text = Mermaid.Of(flow, budget);
            // One diagram of all flows has one head.
            shell.Out.Write(number == 0 ? text : text[(text.IndexOf('\n') + 1)..]);
        }

        return ExitCodes.Clean;
    }
}
