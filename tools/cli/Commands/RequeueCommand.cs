using System.CommandLine;
using InMARS.Cli.Display;
using InMARS.Cli.Execution;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Runs;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars requeue</c>: tries what lies in the quarantine of a run again.</summary>
internal static class RequeueCommand
{
    public static Command Make(Shell shell)
    {
        var run = new Argument<string>("RUN") { Description = "Run directory." };
        var set = CommonOptions.Set();
        var accept = new Option<bool>("--accept") { Description = "Goes on although the run file or the program has changed, with what they are now." };
        var quiet = CommonOptions.Quiet();
        var command = new CliCommand(
            "requeue",
            "Tries the items in quarantine again, after a fix of the program, the run file or the items, and adds what passes to the outputs.",
            "inmars requeue runs/sample",
            "inmars requeue runs/sample --set define.prepare.image.decode.with.max_pixels=400000000") { run, set, accept, quiet };
        command.SetAction((parsed, _) => RunAsync(
            shell,
            SavedRun.Open(parsed.GetRequiredValue(run)),
            new RequeueRequest(parsed.GetValue(set) ?? [], parsed.GetValue(accept), parsed.GetValue(quiet))));
        return command;
    }

    private static Task<int> RunAsync(Shell shell, SavedRun saved, RequeueRequest request) =>
        ContinuedRun.OpenAsync(shell, saved, (plan, differences) => RunAsync(shell, saved, plan, differences, request));

    private static async Task<int> RunAsync(Shell shell, SavedRun saved, RunPlan plan, IReadOnlyList<string> differences, RequeueRequest request)
    {
        if (differences.Count > 0 && !request.Accept)
        {
            return ContinuedRun.Refuse(shell, saved, differences);
        }

        var requeue = new Requeue(shell, saved, plan, request);
        return await TryAsync(shell, saved, plan, requeue) ?? await requeue.ScoreAsync();
    }

    private static async Task<int?> TryAsync(Shell shell, SavedRun saved, RunPlan plan, Requeue requeue)
    {
        using var held = ContinuedRun.Take(shell, saved, plan);
        if (saved.IsFinished(plan))
        {
            return await requeue.TryAsync();
        }

        shell.Error.WriteLine($"inmars: '{saved.Path}' has not ended, and its items may yet change; first: inmars resume {saved.Path}");
        return ExitCodes.BadUsage;
    }
}
