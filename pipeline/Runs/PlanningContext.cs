using System.Text.Json.Nodes;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Runs;

/// <summary>What a source may know of a run that is only thought of: it has settings, and nobody listens.</summary>
/// <param name="settings">Their directory is one where nothing has been written.</param>
public sealed class PlanningContext(FlowPlan flow, RunSettings settings, TimeProvider time) : IStageContext
{
    public string Flow => flow.Name;

    public string Stage => flow.Graph.Source.Name;

    public int Epochs => flow.Epochs;

    public RunSettings Run => settings;

    public TimeProvider Time => time;

    public string PathInRun(params ReadOnlySpan<string> parts) => Path.Combine([settings.Directory, .. parts]);

    public void Log(string kind, string? message = null, JsonObject? data = null)
    {
    }

    public void Show(string name, double value)
    {
    }

    public void Report(StageReport report)
    {
    }
}
