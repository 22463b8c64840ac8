using InMARS.Cli.Display;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Stages.Shards;

namespace InMARS.Cli.Execution;

/// <summary>Tries the quarantine of a run again: outputs and books then have what has passed, and flows that score the outputs run again.</summary>
internal sealed class Requeue(Shell shell, SavedRun saved, RunPlan plan, RequeueRequest request)
{
    private string Quarantine => Path.Combine(saved.Path, "quarantine");

    /// <summary>Tries the items and adds what passes. For whoever holds the lock.</summary>
    /// <returns>The exit code; null where the run has now flows to run again, which <see cref="ScoreAsync()"/> does.</returns>
    /// <exception cref="RunException">A file is damaged or cannot be written.</exception>
    public async Task<int?> TryAsync()
    {
        var flows = plan.Flows.Select(flow => QuarantinedFlow.Of(flow, Quarantine)).ToList();
        flows.ForEach(TellUnknown);
        if (flows.TrueForAll(flow => flow.Items.Count == 0))
        {
            Say(Left == ExitCodes.Clean ? $"Nothing lies in the quarantine of '{saved.Path}'." : $"Nothing in the quarantine of '{saved.Path}' can be tried again.");
            return Left;
        }

        flows.Where(flow => flow is { GivesMaps: false, ScoresMaps: false, Items.Count: > 0 }).ToList().ForEach(TellLeft);
        var trial = new RequeueTrial(shell, saved, [.. flows.Where(flow => flow is { GivesMaps: true, Items.Count: > 0 })], request);
        if (!flows.Exists(flow => flow is { GivesMaps: true, Items.Count: > 0 }))
        {
            return Enter(flows, []);
        }

        return await trial.Plan().Match(part => TryAsync(trial, part, flows), errors => Task.FromResult<int?>(RunExecution.Refuse(shell, errors)));
    }

    /// <summary>Goes on with the run, which stands before the flows that score, and tells of the whole run. Nobody may hold the lock.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="RunException">The run directory cannot be used.</exception>
    public Task<int> ScoreAsync() => saved.Current(shell.BuiltIn, request.Overrides).Match(
        changed => ScoreAsync(plan with { Flows = changed.Flows }),
        errors => Task.FromResult(RunExecution.Refuse(shell, errors)));

    private async Task<int?> TryAsync(RequeueTrial trial, RunPlan part, List<QuarantinedFlow> flows)
    {
        var (code, tried) = await trial.RunAsync(part);
        if (tried is null)
        {
            shell.Error.WriteLine($"inmars: nothing of it was added to '{saved.Path}'");
            return code;
        }

        return Enter(flows, tried);
    }

    private int? Enter(List<QuarantinedFlow> flows, IReadOnlyList<TriedFlow> tried)
    {
        var changed = tried.Where(flow => flow.Passed > 0).Select(flow => flow.Summary.Flow).ToList();
        var behind = flows.SkipWhile(flow => !changed.Contains(flow.Flow.Name)).Skip(1).ToList();
        var again = flows.Where(flow => flow.ScoresMaps && (flow.Items.Count > 0 || behind.Contains(flow))).Select(flow => flow.Flow.Name).ToList();
        if (tried.Count > 0 || again.Count > 0)
        {
            new RequeueFindings(tried, again).Write(saved, plan, shell.Time);
        }

        tried.ToList().ForEach(TellTried);
        behind.Where(flow => !flow.ScoresMaps && flow.ReadsBelow(saved.Path)).ToList().ForEach(flow =>
            Say($"{flow.Flow.Name}: it reads what this run wrote, and is as it was; only another run of it reads what came late"));
        again.ForEach(flow => Say($"{flow}: runs again, over the label maps as they are now"));
        return again.Count > 0 ? null : Left;
    }

    private int Left => plan.Flows.Any(flow => ShardQuarantine.Tars(Quarantine, flow.Name).Count > 0) ? ExitCodes.Rejects : ExitCodes.Clean;

    private async Task<int> ScoreAsync(RunPlan whole)
    {
        var directory = RunDirectory.Open(saved.Path);
        var results = new[] { "metrics.json", "summary.md" }.Select(name => (name, Text: directory.Text(name))).ToList();
        RunOutcome? outcome = null;
        var code = await RunExecution.ExecuteAsync(shell, whole, request.Quiet, async (options, _) => outcome = await Runner.ResumeAsync(whole, options, shell.Interrupt));
        if (outcome is not { End: RunEnd.Clean or RunEnd.WithRejects })
        {
            results.ForEach(result => directory.Write(result.name, result.Text));
            shell.Error.WriteLine($"inmars: what has passed is in the outputs of '{saved.Path}', but metrics.json and summary.md are those of before; to renew them: inmars resume {saved.Path}");
        }

        return code;
    }

    private void TellUnknown(QuarantinedFlow flow)
    {
        if (QuarantinedItems.Unknown(Quarantine, flow.Flow.Name) is [var first, ..] names)
        {
            shell.Error.WriteLine(
                $"inmars: {flow.Flow.Name}: {Plain.Count(names.Count, "item")} in quarantine, left there: the record in KEY.json that says where an item came from is gone or damaged; the first is '{Plain.OneLine(first)}'");
        }
    }

    private void TellLeft(QuarantinedFlow flow) =>
        Say($"{flow.Flow.Name}: {Plain.Count(flow.Items.Count, "item")} in quarantine, left there: the flow writes no label maps to add to; only another run of it learns or counts them");

    private void TellTried(TriedFlow flow)
    {
        var name = flow.Summary.Flow;
        Say($"{name}: {flow.Passed} of {Plain.Count(flow.Items.Count, "item")} {(flow.Items.Count == 1 ? "has passed and is" : "have passed and are")} in the outputs; {flow.Items.Count - flow.Passed} left in quarantine");
        if (flow.Passed > 0 && flow.Reports.Any(ScoreTable.IsScore))
        {
            Say($"{name}: the scores it made itself count the items that passed at first; a flow of {PairSource.Name}, or inmars evaluate, counts all");
        }
    }

    private void Say(string text)
    {
        if (!request.Quiet)
        {
            shell.Out.WriteLine(text);
        }
    }
}
