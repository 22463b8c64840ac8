using System.CommandLine;
using InMARS.Cli.Display;
using InMARS.Cli.Execution;
using InMARS.Cli.Sweeps;
using InMARS.Pipeline.Sweeps;

namespace InMARS.Cli.Commands;

/// <summary><c>inmars sweep</c>: a grid of runs, and one table of what they gave.</summary>
internal static class SweepCommand
{
    public static Command Make(Shell shell)
    {
        var file = new Argument<string>("FILE") { Description = "Sweep file, YAML." };
        var set = CommonOptions.Set();
        set.Description = "Sets one value of the sweep file; may be given several times.";
        var (jobs, anyVersion) = (Jobs(), AnyVersion());
        var overwrite = CommonOptions.Overwrite("Makes finished runs again as well.");
        var dry = new Option<bool>("--dry-run") { Description = "Says what would be run, and runs nothing." };
        var command = new CliCommand(
            "sweep",
            "Runs every task of a sweep file in every variant with every seed, and tells mean and spread. Finished runs of the same configuration and program are kept.",
            "inmars sweep tools/recipes/ablation.yaml",
            "inmars sweep tools/recipes/ablation.yaml --set sweep.seeds=[1] --dry-run") { file, set, jobs, overwrite, anyVersion, dry };
        command.SetAction((parsed, _) => SweepFile.Read(parsed.GetRequiredValue(file), parsed.GetValue(set) ?? [], shell.BuiltIn).Match(
            plan => RunAsync(shell, plan, new SweepRequest(parsed.GetValue(jobs), parsed.GetValue(overwrite), parsed.GetValue(anyVersion), parsed.GetValue(dry))),
            errors => Task.FromResult(RunExecution.Refuse(shell, errors))));
        return command;
    }

    public static Option<int> Jobs()
    {
        var jobs = new Option<int>("--jobs") { HelpName = "N", Description = "Runs at a time, each a process with the threads of its run file.", DefaultValueFactory = _ => 1 };
        jobs.Validators.Add(ShardCommand.AtLeastOne);
        return jobs;
    }

    public static Option<bool> AnyVersion() =>
        new("--any-version") { Description = "Keeps finished runs of other versions of the program too; else they are made again." };

    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(Shell shell, SweepPlan plan, SweepRequest request)
    {
        var findings = plan.Runs.Select(run => Finding.Of(run, request.Overwrite, request.AnyVersion ? null : RunFacts.Version)).ToList();
        if (!request.Dry)
        {
            return new SweepExecution(shell, plan, request.Jobs).RunAsync(findings);
        }

        foreach (var (run, finding) in plan.Runs.Zip(findings))
        {
            shell.Out.WriteLine($"{new SweepRun(run, null, null)}: {finding}");
        }

        shell.Out.WriteLine($"{findings.Count(f => f.Kept is null)} of {Plain.Count(findings.Count, "run")} to be made, into {plan.Directory}");
        return Task.FromResult(ExitCodes.Clean);
    }
}
