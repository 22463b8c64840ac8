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
        var directory = RunDirectory.Create(plan.Settings.Directory, options.Overwrite);
        directory.Write("config.resolved.yaml", plan.Resolved);
        Manifest.Write(directory, plan, manifest, options.Time);
        using var host = new RunHost(plan.Settings, directory, options.Time, options.Observer);
        var flows = new List<FlowSummary>();
        var (end, error) = await RunFlowsAsync(plan, host, flows, interrupt).ConfigureAwait(false);
        var outcome = new RunOutcome(end, directory.Path, flows, [.. host.Reports], host.RejectedItems, error);
        host.Log("", "", "run.ended", null, new JsonObject { ["end"] = end.ToString(), ["error"] = error });
        directory.Write("metrics.json", Metrics.Json(outcome));
        directory.Write("summary.md", Summary.Markdown(plan, outcome));
        return outcome;
    }

    private static async Task<(RunEnd End, string? Error)> RunFlowsAsync(RunPlan plan, RunHost host, List<FlowSummary> flows, CancellationToken interrupt)
    {
        foreach (var flow in plan.Flows)
        {
            try
            {
                var summary = await Graph.RunAsync(flow, host, interrupt).ConfigureAwait(false);
                flows.Add(summary);
                host.Ended(summary);
            }
            catch (Exception e)
            {
                return Ending(flow.Name, host, e, interrupt);
            }
        }

        return (host.RejectedItems > 0 ? RunEnd.WithRejects : RunEnd.Clean, null);
    }

    /// <remarks>The one place that looks at exceptions of any type: what is not foreseen is a bug, and its stack goes into the log.</remarks>
    private static (RunEnd End, string Error) Ending(string flow, RunHost host, Exception e, CancellationToken interrupt)
    {
        if (e is OperationCanceledException && interrupt.IsCancellationRequested)
        {
            return (RunEnd.Interrupted, $"interrupted in flow '{flow}'");
        }

        LogFailure(flow, host, e);
        return e switch
        {
            RejectLimitException => (RunEnd.RejectLimit, $"flow '{flow}': {e.Message}"),
            RunException => (RunEnd.Failed, $"flow '{flow}': {e.Message}"),
            _ => (RunEnd.Bug, $"flow '{flow}': unexpected {e.GetType().Name}: {FirstLine(e.Message)} (its stack is in {host.PathInRun("events.jsonl")})"),
        };
    }

    /// <summary>Messages of native libraries carry a native stack behind their first line.</summary>
    private static string FirstLine(string message) => message.Trim().Split('\n')[0].TrimEnd();

    private static void LogFailure(string flow, RunHost host, Exception e)
    {
        try
        {
            host.Log(flow, "", "failure", null, new JsonObject { ["type"] = e.GetType().FullName, ["message"] = e.Message, ["stack"] = e.ToString() });
        }
        catch (RunException)
        {
            // The disk that failed the run may hold the log too; what failed first is told.
        }
    }
}

/// <summary>How to run a plan.</summary>
/// <param name="Overwrite">Whether a run directory that holds a run may be emptied first.</param>
public sealed record RunOptions(bool Overwrite, TimeProvider Time, IRunObserver? Observer = null);
