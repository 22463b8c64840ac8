using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Shards;

namespace InMARS.Cli.Execution;

/// <summary>A flow, with what lies in its quarantine.</summary>
/// <param name="Items">By their names in the quarantine.</param>
internal sealed record QuarantinedFlow(FlowPlan Flow, IReadOnlyDictionary<string, QuarantineRecord> Items)
{
    /// <summary>The stage that writes label maps.</summary>
    public const string WritesMaps = "write.labels";

    /// <summary>Whether single items can be added to what it gave.</summary>
    public bool GivesMaps => Flow.Graph.StageNames.Contains(WritesMaps);

    /// <summary>Whether it reads label maps only, so that running all of it again is cheap.</summary>
    public bool ScoresMaps => Flow.Graph.StageNames.Contains(PairSource.Name);

    /// <exception cref="RunException">A tar of the quarantine is damaged.</exception>
    public static QuarantinedFlow Of(FlowPlan flow, string quarantine) => new(flow, QuarantinedItems.Read(quarantine, flow.Name));

    /// <summary>Whether it reads files below a folder.</summary>
    public bool ReadsBelow(string folder)
    {
        try
        {
            return Flow.Graph.Inputs.Any(path => Path.GetFullPath(path).StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal));
        }
        catch (RunException)
        {
            // What it has read is no longer there.
            return false;
        }
    }
}
