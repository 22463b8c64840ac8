using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Runs;

/// <summary>Runs cut down to a few items, to learn what the whole will take and what it will refuse.</summary>
public static class Trial
{
    private const int FewestItems = 3;

    /// <summary>More epochs than these tell nothing new: the first is the one that fills caches.</summary>
    private const int MostEpochs = 2;

    /// <summary>Items that every flow needs to show all it does: 3, or enough for one message at its end.</summary>
    public static int Items(RunPlan plan) => (int)Math.Min(
        1 << 20, plan.Flows.Max(flow => Math.Max(FewestItems, flow.Graph.Nodes.Aggregate(1L, (all, node) => all * node.Gathers))));

    /// <summary>The whole graph of every flow with the first items of its source, twice at most. What is refused never stops it, unless a stage itself says so.</summary>
    /// <param name="directory">Its run directory; its cache lies in it too.</param>
    /// <param name="items">Items of an epoch, at most; the same for all flows, since one may read what another wrote.</param>
    public static RunPlan Of(RunPlan plan, string directory, int items) => plan with
    {
        Settings = SettingsIn(plan.Settings, directory),
        Flows = [.. plan.Flows.Select(flow => flow with
        {
            Epochs = Math.Min(flow.Epochs, MostEpochs),
            Graph = flow.Graph.Cut(new SourceCut(items)),
        })],
    };

    /// <summary>
    /// The beginning of every flow, up to the first stage that keeps something between items, with items from all over its source;
    /// without the flows whose source cannot give these.
    /// </summary>
    /// <param name="directory">As in <see cref="Of"/>.</param>
    /// <param name="items">Items of a flow, at most.</param>
    /// <param name="contextOf">What the source of a flow reads by.</param>
    public static RunPlan Survey(RunPlan plan, string directory, int items, Func<FlowPlan, IStageContext> contextOf) => plan with
    {
        Settings = SettingsIn(plan.Settings, directory),
        Flows = [.. plan.Flows.Where(flow => flow.Graph.Source.CanSpread).Select(flow => flow with
        {
            Epochs = 1,
            Graph = flow.Graph.Beginning(new SourceCut(items, contextOf(flow))),
        })],
    };

    private static RunSettings SettingsIn(RunSettings settings, string directory) => settings with
    {
        Output = Path.GetDirectoryName(directory)!,
        Name = Path.GetFileName(directory),
        Cache = Path.Combine(directory, "cache"),
        Rejects = new RejectPolicy(),
    };
}
