using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;

namespace InMARS.Pipeline.Runs;

/// <summary>How a run ended.</summary>
public enum RunEnd
{
    /// <summary>Everything was processed.</summary>
    Clean,

    /// <summary>Done, but items were rejected.</summary>
    WithRejects,

    /// <summary>Stopped because more items were rejected than the policy bears.</summary>
    RejectLimit,

    /// <summary>Stopped by the user; can be resumed.</summary>
    Interrupted,

    /// <summary>The options of the run file do not go with its input, as its first items showed.</summary>
    WrongOptions,

    /// <summary>Something outside the program failed.</summary>
    Failed,

    /// <summary>The program or a stage has a bug; the stack is in <c>events.jsonl</c>.</summary>
    Bug,
}

/// <summary>What a run did, as far as it came.</summary>
/// <param name="Error">One sentence for the user when the run did not reach its end.</param>
public sealed record RunOutcome(
    RunEnd End,
    string Directory,
    IReadOnlyList<FlowSummary> Flows,
    IReadOnlyList<FlowReport> Reports,
    long Rejected,
    string? Error = null)
{
    /// <summary>Whether going on is better than beginning anew.</summary>
    public bool CanResume { get; init; }

    /// <summary>Exit code of the program.</summary>
    public int ExitCode => End switch
    {
        RunEnd.Clean => 0,
        RunEnd.WrongOptions => 2,
        RunEnd.WithRejects => 3,
        RunEnd.RejectLimit => 4,
        RunEnd.Interrupted => 75,
        _ => 1,
    };

    /// <summary>With flows and reports in the order of the plan: one may have been run again after those behind it.</summary>
    internal RunOutcome InOrderOf(RunPlan plan)
    {
        var place = plan.Flows.Index().ToDictionary(flow => flow.Item.Name, flow => flow.Index);
        return this with { Flows = [.. Flows.OrderBy(flow => PlaceOf(flow.Flow))], Reports = [.. Reports.OrderBy(report => PlaceOf(report.Flow))] };

        int PlaceOf(string flow) => place.GetValueOrDefault(flow, int.MaxValue);
    }
}
