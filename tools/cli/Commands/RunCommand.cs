using System.CommandLine;
using InMARS.Cli.Execution;
using InMARS.Pipeline.Configuration;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars run</c>: runs the flows of a run file.</summary>
internal static class RunCommand
{
    public static Command Make(Shell shell)
    {
        var (file, set, quiet) = (CommonOptions.RunFile(), CommonOptions.Set(), CommonOptions.Quiet());
        var overwrite = CommonOptions.Overwrite("Empties the run directory first, if a run lies there.");
        var command = new CliCommand(
            "run",
            "Runs the flows of a run file, one after the other.",
            "inmars run config.yaml",
            "inmars run config.yaml --overwrite --set flows.train.epochs=3",
            "inmars run config.yaml --set run.name=fine --set define.prepare.superpixel.slic.with.region_size=6") { file, set, overwrite, quiet };
        command.SetAction((parsed, _) => RunExecution.ExecuteAsync(
            shell,
            RunFile.Read(parsed.GetRequiredValue(file), parsed.GetValue(set) ?? [], shell.BuiltIn),
            parsed.GetValue(overwrite),
            parsed.GetValue(quiet)));
        return command;
    }
}
