using System.CommandLine;
using InMARS.Cli.Display;
using InMARS.Pipeline.Runs;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars status</c>: where a run is, also while it goes on.</summary>
internal static class StatusCommand
{
    public static Command Make(Shell shell)
    {
        var run = new Argument<string>("RUN") { Description = "Run directory." };
        var json = new Option<bool>("--json") { Description = "Prints one JSON object, for programs." };
        var command = new CliCommand(
            "status",
            "Tells where a run is: what each flow has done, how fast, and when it finishes; the last checkpoint, memory, warnings. Changes nothing.",
            "inmars status runs/sample",
            "inmars status runs/sample --json") { run, json };
        command.SetAction(parsed => Tell(shell, parsed.GetRequiredValue(run), parsed.GetValue(json)));
        return command;
    }

    private static int Tell(Shell shell, string directory, bool json)
    {
        var status = RunStatus.Read(directory, shell.Time);
        var warnings = RunWarnings.Read(directory);
        if (json)
        {
            shell.Out.WriteLine(StatusJson.Of(directory, status, warnings));
        }
        else
        {
            StatusReport.Write(directory, status, warnings, shell);
        }

        return ExitCodes.Clean;
    }
}
