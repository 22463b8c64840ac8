using System.Collections.Immutable;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Runs;

/// <summary>What its stages say of a run before it begins: the files it will leave, and options that cannot work.</summary>
/// <param name="Flows">What is known at the end of each flow, in order.</param>
public sealed record Foresight(IReadOnlyList<Outlook> Flows)
{
    /// <summary>Items of a flow whose headers are looked at; fewer of large ones.</summary>
    private const int Sample = 32;
    private const int FewSamples = 4;
    private const double LargeCells = 1 << 24;

    /// <summary>Options that cannot work, each with its place in the run file.</summary>
    public ImmutableArray<ConfigError> Errors => [.. Flows.SelectMany(flow => flow.Errors)];

    /// <summary>By the run file alone; opens nothing.</summary>
    public static Foresight Of(RunPlan plan, MemoryLimit memory) => new([.. plan.Flows.Select(flow => flow.Graph.Foresee(Start(plan, flow, memory)))]);

    /// <summary>
    /// By the run file, the numbers of items and the headers of some. A flow whose input is not there is taken to have what
    /// comes out of the one before it. What cannot be looked at is not known: the run itself tells why.
    /// </summary>
    /// <param name="directory">The run directory that sources look into.</param>
    public static async Task<Foresight> SurveyAsync(RunPlan plan, string directory, MemoryLimit memory, TimeProvider time, CancellationToken stop)
    {
        var settings = plan.Settings with { Output = Path.GetDirectoryName(Path.GetFullPath(directory))!, Name = Path.GetFileName(directory) };
        var flows = new List<Outlook>();
        foreach (var flow in plan.Flows)
        {
            var seen = await Look(flow, new PlanningContext(flow, settings, time), stop).ConfigureAwait(false);
            var (items, extents) = seen ?? (flows is [.., var before] ? (before.Items, before.Extents) : (null, []));
            flows.Add(flow.Graph.Foresee(Start(plan, flow, memory) with { Items = items, Extents = extents }));
        }

        return new Foresight(flows);
    }

    private static Outlook Start(RunPlan plan, FlowPlan flow, MemoryLimit memory) => new(plan.Settings, memory, flow.Epochs) { Flow = flow.At };

    private static async Task<(long? Items, ImmutableArray<Extent> Extents)?> Look(FlowPlan flow, PlanningContext context, CancellationToken stop)
    {
        try
        {
            var items = await flow.Graph.Source.CountAsync(context, stop).ConfigureAwait(false);
            return (items, await Task.Run(() => Extents(flow.Graph.Source, context, stop), stop).ConfigureAwait(false));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A source may be anybody's, and throw anything. The run opens it again, and then says what is wrong, in its log too.
            return null;
        }
    }

    private static ImmutableArray<Extent> Extents(ISource source, IStageContext context, CancellationToken stop)
    {
        var few = source.Extents(context, FewSamples, stop);
        return [.. few.Count == 0 || few.Average(e => e.Cells) > LargeCells ? few : source.Extents(context, Sample, stop)];
    }
}
