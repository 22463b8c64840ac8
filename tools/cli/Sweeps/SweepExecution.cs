using InMARS.Cli.Display;
using InMARS.Cli.Execution;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Pipeline.Sweeps;

namespace InMARS.Cli.Sweeps;

/// <summary>Makes the runs of a sweep that are not there yet, and tells what all of them gave.</summary>
/// <param name="jobs">Runs at once, 1 or more.</param>
internal sealed class SweepExecution(Shell shell, SweepPlan plan, int jobs)
{
    private const string NotRun = "not run";
    private const string Interrupted = "interrupted";
    private readonly Lock _gate = new();
    private readonly SweepRun[] _runs = [.. plan.Runs.Select(p => new SweepRun(p, null, NotRun))];

    /// <param name="findings">What is known of each run of the plan.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(IReadOnlyList<Finding> findings)
    {
        using var alone = Occupy();
        Keep(findings);
        await using (shell.Interrupt.Register(() => Say(shell.Error, Sentences.Stopping)))
        {
            var missing = findings.Index().Where(f => f.Item.Kept is null);
            await Parallel.ForEachAsync(missing, new ParallelOptions { MaxDegreeOfParallelism = jobs }, async (f, _) => await MakeAsync(f.Index, f.Item));
        }

        var tables = WriteTables();
        shell.Out.Write(tables);
        shell.Out.WriteLine($"Tables: {Path.Combine(plan.Directory, "table.md")}, table.csv, table.json");
        return ExitCode();
    }

    private void Keep(IReadOnlyList<Finding> findings)
    {
        foreach (var (index, finding) in findings.Index().Where(f => f.Item.Kept is not null))
        {
            _runs[index] = new SweepRun(plan.Runs[index], finding.Kept, null);
        }

        if (findings.Count(f => f.Kept is not null) is > 0 and var kept)
        {
            shell.Out.WriteLine($"{kept} of {Plain.Count(plan.Runs.Count, "run")} {(kept == 1 ? "is" : "are")} finished already");
        }
    }

    private async Task MakeAsync(int index, Finding finding)
    {
        if (shell.Interrupt.IsCancellationRequested)
        {
            return;
        }

        var run = plan.Runs[index];
        Say(shell.Out, $"run {index + 1} of {_runs.Length}: {_runs[index]}{How(finding)}{Left()}");
        AtomicFile.Write(Prepared(run.RunFile), file => file.Write(System.Text.Encoding.UTF8.GetBytes(run.Resolved)));
        var exit = await shell.StartRun(run.RunFile, finding.GoesOn ? run.Directory : null, run.Log, shell.Interrupt);
        var done = Done(run, exit);
        lock (_gate)
        {
            _runs[index] = done;
            WriteTables();
        }

        if (done.Trouble is { } trouble and not Interrupted)
        {
            Say(shell.Error, $"inmars: {done} failed: {trouble}; its log is {run.Log}");
        }
    }

    private static string How(Finding finding) =>
        finding.GoesOn ? ", from its last checkpoint" : finding.Reason is { } reason ? $", again, for {reason}" : "";

    private SweepRun Done(PlannedRun run, RunExit exit)
    {
        var record = exit.Code is 0 or 3 ? RunRecord.Read(run.Directory) : null;
        var words = Plain.OneLine(exit.LastWords.StartsWith("inmars: ", StringComparison.Ordinal) ? exit.LastWords[8..] : exit.LastWords);
        return new SweepRun(run, record, record is not null ? null
            : exit.Code is ExitCodes.Interrupted or ExitCodes.Resumable && shell.Interrupt.IsCancellationRequested ? Interrupted
            : words.Length > 0 ? $"{words} (exit code {exit.Code})"
            : $"exit code {exit.Code}");
    }

    /// <summary>The time that is left, by the mean of the runs of the same task, or else of all.</summary>
    private string Left()
    {
        lock (_gate)
        {
            var known = _runs.Where(r => r.Record?.Seconds is not null).ToLookup(r => r.Plan.Task, r => r.Record!.Seconds!.Value);
            return known.Count == 0 ? "" : $", about {Plain.About(TimeSpan.FromSeconds(_runs
                .Where(r => r.Record is null && r.Trouble == NotRun)
                .Sum(r => known.Contains(r.Plan.Task) ? known[r.Plan.Task].Average() : known.Average(task => task.Average())) / jobs))} left";
        }
    }

    private string WriteTables()
    {
        var text = SweepMarkdown.Of(plan, _runs);
        Write("table.md", text);
        Write("table.csv", SweepData.Csv(plan, _runs));
        Write("table.json", SweepData.Json(plan, _runs));
        return text;
    }

    private void Write(string name, string text) =>
        AtomicFile.Write(Prepared(Path.Combine(plan.Directory, name)), file => file.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    private int ExitCode() => shell.Interrupt.IsCancellationRequested ? ExitCodes.Resumable
        : _runs.Any(r => r.Trouble is not null) ? ExitCodes.Failed
        : _runs.Any(r => r.Record!.Rejected > 0) ? ExitCodes.Rejects
        : ExitCodes.Clean;

    private void Say(TextWriter writer, string line)
    {
        lock (_gate)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }

    /// <summary>The folder of the sweep, for this process alone.</summary>
    private FileStream Occupy()
    {
        if (File.Exists(Path.Combine(plan.Directory, "config.resolved.yaml")))
        {
            throw new RunException($"a single run lies in '{plan.Directory}'; choose another name, or remove it");
        }

        var file = Prepared(Path.Combine(plan.Directory, ".lock"));
        try
        {
            return new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot work in '{plan.Directory}', where another sweep may be at work: {e.Message}", e);
        }
    }

    private static string Prepared(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return file;
    }
}
