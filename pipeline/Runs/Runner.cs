using System.Text.Json.Nodes;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Runs;

/// <summary>Runs a plan from its first flow to its last and leaves everything worth knowing in the run directory.</summary>
public static class Runner
{
    /// <param name="manifest">Facts of the program and the machine, such as versions and the device, for <c>manifest.json</c>.</param>
    /// <returns>How it ended; failures of every kind are told, not thrown.</returns>
    /// <exception cref="RunException">The run directory cannot be used; nothing has been touched.</exception>
    public static async Task<RunOutcome> RunAsync(
        RunPlan plan, RunOptions options, JsonObject manifest, CancellationToken interrupt)
    {
        RunDirectory.Refuse(plan.Settings.Directory, options.Overwrite, options.Time);
        var directory = RunDirectory.Make(plan.Settings.Directory);
        using var held = RunLock.Take(directory.Path, options.Time, Warn(options));
        directory.Empty();
        directory.Write(RunDirectory.Mark, plan.Resolved);
        Manifest.Write(directory, plan, manifest, options.Time);
        var session = new RunSession(directory, held, plan, options, interrupt);
        await using (session.ConfigureAwait(false))
        {
            return await RunFromAsync(plan, directory, null, session, options).ConfigureAwait(false);
        }
    }

    /// <summary>Goes on with a run where its last checkpoint stands.</summary>
    /// <param name="plan">As it was when the run began; where it is not, this is from now on what the run is made with.</param>
    /// <returns>As <see cref="RunAsync"/>; of all the run, not only of what was left.</returns>
    /// <exception cref="RunException">There is no such run, another process is at it, or none of its checkpoints is whole; nothing has been touched.</exception>
    public static async Task<RunOutcome> ResumeAsync(RunPlan plan, RunOptions options, CancellationToken interrupt)
    {
        var directory = RunDirectory.Open(plan.Settings.Directory);
        using var held = RunLock.Take(directory.Path, options.Time, Warn(options));
        Manifest.Renew(directory, plan, options);
        var found = Checkpoints.Latest(directory.Path, Warn(options));
        var session = new RunSession(directory, held, plan, options, interrupt);
        await using (session.ConfigureAwait(false))
        {
            return await RunFromAsync(plan, directory, found?.State ?? new SavedState([], [], 0, 0, null), session, options).ConfigureAwait(false);
        }
    }

    private static Action<string> Warn(RunOptions options) => text => options.Observer?.Message("", "warning", text);

    private static async Task<RunOutcome> RunFromAsync(RunPlan plan, RunDirectory directory, SavedState? from, RunSession session, RunOptions options)
    {
        using var host = new RunHost(plan.Settings, directory, options, from, session);
        if (from is not null)
        {
            host.Log("", "", "resumed", $"Goes on from {from.Place}.", null);
        }

        if (options.Room is { } room)
        {
            host.Log("", "", "room", room, null);
        }

        var flows = (from?.Done ?? []).Select(flow => FlowFile.Read(directory, flow)).ToList();
        var work = RunFlowsAsync(plan, from?.Flow, host, flows, session);
        await Task.WhenAny(work, session.GivenUp).ConfigureAwait(false);
        var (end, error) = work.IsCompleted ? await work.ConfigureAwait(false) : (RunEnd.Interrupted, $"given up: {session.Reason}");
        await session.CloseWatchAsync().ConfigureAwait(false);
        var outcome = new RunOutcome(end, directory.Path, [.. flows], [.. host.Reports], host.RejectedItems, error)
        {
            CanResume = end == RunEnd.Interrupted || (error is not null && host.HasCheckpoint),
        }.InOrderOf(plan);
        LastWords(
            error is not null,
            () => host.Log("", "", "run.ended", null, new JsonObject { ["end"] = end.ToString(), ["error"] = error }),
            () => directory.Write("metrics.json", Metrics.Json(outcome)),
            () => directory.Write("summary.md", Summary.Markdown(plan, outcome)),
            () => session.End(end, error));
        return outcome;
    }

    /// <summary>Writes what is left to be written. The disk that failed a run may not take it; what failed first is told then.</summary>
    /// <param name="failed">Whether something did.</param>
    private static void LastWords(bool failed, params ReadOnlySpan<Action> words)
    {
        foreach (var write in words)
        {
            try
            {
                write();
            }
            catch (RunException) when (failed)
            {
                // The failure before it is the one to tell.
            }
        }
    }

    private static async Task<(RunEnd End, string? Error)> RunFlowsAsync(
        RunPlan plan, FlowState? state, RunHost host, List<FlowSummary> flows, RunSession session)
    {
        foreach (var flow in plan.Flows.Where(flow => flows.TrueForAll(done => done.Flow != flow.Name)))
        {
            try
            {
                if (host.StopRequested)
                {
                    throw new RunStoppedException();
                }

                session.InputsSeen(flow);
                var summary = await Graph.RunAsync(flow with { State = state?.Flow == flow.Name ? state : null }, host, session.Stopping).ConfigureAwait(false);
                flows.Add(summary);
                host.Ended(summary);
            }
            catch (Exception e)
            {
                KeepRejects(flow.Name, host);
                flows.AddRange(host.Unfinished is { } unfinished ? [unfinished] : []);
                return Ending(flow.Name, host, e, session);
            }
        }

        return (host.RejectedItems > 0 ? RunEnd.WithRejects : RunEnd.Clean, null);
    }

    private static void KeepRejects(string flow, RunHost host)
    {
        try
        {
            host.KeepRejects();
        }
        catch (RunException e)
        {
            // The flow has failed already, and why is what the user wants to know.
            LogFailure(flow, host, e);
        }
    }

    /// <remarks>The one place that looks at exceptions of any type: what is not foreseen is a bug, and its stack goes into the log.</remarks>
    private static (RunEnd End, string Error) Ending(string flow, RunHost host, Exception e, RunSession session)
    {
        if (session.Failure is { } broken)
        {
            LogFailure(flow, host, broken);
            return (RunEnd.Failed, $"flow '{flow}': {broken.Message}");
        }

        if (e is RunStoppedException || (e is OperationCanceledException && session.Stopping.IsCancellationRequested))
        {
            return (RunEnd.Interrupted, $"stopped in flow '{flow}'{(session.Reason is { } reason ? $": {reason}" : "")}");
        }

        LogFailure(flow, host, e);
        return e switch
        {
            RejectLimitException => (RunEnd.RejectLimit, $"flow '{flow}': {e.Message}"),
            OptionsException => (RunEnd.WrongOptions, $"flow '{flow}': {e.Message}"),
            RunException => (RunEnd.Failed, $"flow '{flow}': {e.Message}"),
            _ => (RunEnd.Bug, $"flow '{flow}': unexpected {e.GetType().Name}: {FirstLine(e.Message)} (its stack is in {host.PathInRun("events.jsonl")})"),
        };
    }

    /// <summary>Messages of native libraries carry a native stack behind their first line.</summary>
    private static string FirstLine(string message) => message.Trim().Split('\n')[0].TrimEnd();

    private static void LogFailure(string flow, RunHost host, Exception e) => LastWords(
        failed: true,
        () => host.Log(flow, "", "failure", null, new JsonObject { ["type"] = e.GetType().FullName, ["message"] = e.Message, ["stack"] = e.ToString() }));
}

/// <summary>How to run a plan.</summary>
/// <param name="Overwrite">Whether a run directory that holds a run may be emptied first.</param>
public sealed record RunOptions(bool Overwrite, TimeProvider Time, IRunObserver? Observer = null)
{
    /// <summary>Version of the program, for the ledger.</summary>
    public string Version { get; init; } = "";

    /// <summary>Counts values that stages hold outside the managed heap; null where nobody does.</summary>
    public Func<long>? NativeValues { get; init; }

    /// <summary>Reads what every thread of the process is at, for the dump of a stall, and may take seconds; null where nobody can.</summary>
    public Func<string>? ThreadStacks { get; init; }

    /// <summary>Free room on the disk of a folder, in bytes.</summary>
    public Func<string, long> FreeSpace { get; init; } = folder => new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;

    /// <summary>What is said at the start of the room that the outputs will take; null for nothing.</summary>
    public string? Room { get; init; }

    /// <summary>What this process may use.</summary>
    public MemoryLimit MemoryLimit { get; init; } = MemoryLimit.Read();

    /// <summary>Bytes of this process that lie in memory.</summary>
    public Func<long> Resident { get; init; } = () => Environment.WorkingSet;

    /// <summary>Where rejected items are kept; none for a run that only tells of them.</summary>
    public OpenQuarantine? Quarantine { get; init; }
}
