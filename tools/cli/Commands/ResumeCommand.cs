using System.CommandLine;
using InMARS.Cli.Display;
using InMARS.Cli.Execution;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars resume</c>: goes on with a run that was stopped, killed or failed.</summary>
internal static class ResumeCommand
{
    public static Command Make(Shell shell)
    {
        var run = new Argument<string>("RUN") { Description = "Run directory." };
        var explain = new Option<bool>("--explain") { Description = "Says for each flow, its epochs and its files what would be used again and what done again, and why; touches nothing." };
        var json = new Option<bool>("--json") { Description = "With --explain: prints one JSON object, for programs." };
        var accept = new Option<bool>("--accept") { Description = "Goes on although the run file or the program has changed, with what they are now; or although the room on the disk does not suffice, by estimate." };
        var quiet = CommonOptions.Quiet();
        var follow = RunCommand.Follow();
        var command = new CliCommand(
            "resume",
            "Goes on with a run exactly where its last checkpoint stands.",
            "inmars resume runs/sample",
            "inmars resume runs/sample --explain") { run, explain, json, accept, quiet, follow };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && !result.GetValue(explain))
            {
                result.AddError("--json goes with --explain");
            }
        });
        command.SetAction((parsed, _) => RunAsync(
            RunCommand.Following(shell, parsed.GetValue(follow)),
            SavedRun.Open(parsed.GetRequiredValue(run)),
            new Wish(parsed.GetValue(explain), parsed.GetValue(json), parsed.GetValue(accept), parsed.GetValue(quiet))));
        return command;
    }

    private sealed record Wish(bool Explain, bool Json, bool Accept, bool Quiet);

    private static Task<int> RunAsync(Shell shell, SavedRun saved, Wish wish) =>
        ContinuedRun.OpenAsync(shell, saved, (current, differences) => ResumeAsync(shell, saved, current, differences, wish));

    private static async Task<int> ResumeAsync(Shell shell, SavedRun saved, RunPlan current, IReadOnlyList<string> differences, Wish wish)
    {
        if (wish.Explain)
        {
            var fates = saved.Explain(current, warning => shell.Error.WriteLine($"inmars: {Plain.OneLine(warning)}"));
            if (RequeueFindings.AreOpen(saved))
            {
                shell.Error.WriteLine("inmars: a requeue was cut short; resuming makes its books and quarantine whole first, so more may have to be done than is told here");
            }

            shell.Out.Write(wish.Json ? Explanation.Json(saved.Path, fates, differences) : Explanation.Text(fates, differences));
            return ExitCodes.Clean;
        }

        if (differences.Count > 0 && !wish.Accept)
        {
            return ContinuedRun.Refuse(shell, saved, differences);
        }

        if (RequeueFindings.AreOpen(saved))
        {
            ContinuedRun.Take(shell, saved, current).Dispose();
        }

        if (saved.IsFinished(current))
        {
            shell.Out.WriteLine($"'{saved.Path}' is finished: nothing is left to do.");
            return ExitCodes.Clean;
        }

        return await RunExecution.ExecuteAsync(
            shell, current, wish.Quiet, new Outset(Accept: wish.Accept) { Done = saved.Done() }, (options, _) => Runner.ResumeAsync(current, options, shell.Interrupt));
    }
}
