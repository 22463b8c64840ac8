using InMARS.Cli.Display;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;

namespace InMARS.Cli.Execution;

/// <summary>Something is to be done with a run that was begun before: with its plan as it is now, seen from where it was started.</summary>
internal static class ContinuedRun
{
    /// <param name="run">Gets the plan, and what is no longer as it was, a sentence each.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> OpenAsync(Shell shell, SavedRun saved, Func<RunPlan, IReadOnlyList<string>, Task<int>> run)
    {
        if (saved.StartedIn is { } place && Directory.Exists(place))
        {
            Directory.SetCurrentDirectory(place);
        }

        return saved.Current(shell.BuiltIn).Match(
            plan => run(plan, saved.Differences(plan, RunFacts.Version)),
            errors => Task.FromResult(RunExecution.Refuse(shell, errors)));
    }

    /// <summary>Takes the lock of a run, with its books and its quarantine in order.</summary>
    /// <exception cref="RunException">A living process holds it, or something cannot be read or written.</exception>
    public static RunLock Take(Shell shell, SavedRun saved, RunPlan plan)
    {
        var held = RunLock.Take(saved.Path, shell.Time, told => shell.Error.WriteLine($"inmars: {Plain.OneLine(told)}"));
        try
        {
            RequeueFindings.Complete(saved, plan, shell);
            return held;
        }
        catch (RunException)
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Tells what is no longer as it was.</summary>
    /// <returns>The exit code.</returns>
    public static int Refuse(Shell shell, SavedRun saved, IReadOnlyList<string> differences)
    {
        foreach (var difference in differences)
        {
            shell.Error.WriteLine($"inmars: {Plain.OneLine(difference)}");
        }

        shell.Error.WriteLine($"inmars: '{saved.Path}' was begun otherwise; put things back, or pass --accept to go on with what they are now");
        return ExitCodes.BadUsage;
    }
}
