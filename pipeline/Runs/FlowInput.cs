using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Runs;

/// <summary>What a flow will read, as far as that is known without reading it.</summary>
/// <param name="Items">Items of an epoch; null where the source cannot tell, or there is nothing.</param>
/// <param name="Files">Files that hold them, as far as the source names them.</param>
/// <param name="Bytes">Bytes of these files.</param>
/// <param name="Missing">Why there is nothing to read, in one sentence: an earlier flow may yet make it. Null where there is something.</param>
public sealed record FlowInput(string Flow, long? Items, int Files, long Bytes, SourceCheck Check, string? Missing = null)
{
    /// <param name="context">Of the flow; its run directory is that of a run that has not begun.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public static async Task<FlowInput> OfAsync(FlowPlan flow, IStageContext context, CancellationToken stop)
    {
        try
        {
            var items = await flow.Graph.Source.CountAsync(context, stop).ConfigureAwait(false);
            var check = await flow.Graph.Source.CheckAsync(context, stop).ConfigureAwait(false);
            var files = flow.Graph.Inputs.Select(path => new FileInfo(path)).Where(file => file.Exists).ToList();
            return new FlowInput(flow.Name, items, files.Count, files.Sum(file => file.Length), check);
        }
        catch (RunException e)
        {
            return new FlowInput(flow.Name, null, 0, 0, SourceCheck.Nothing, e.Message);
        }
    }
}
