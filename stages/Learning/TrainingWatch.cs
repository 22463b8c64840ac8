using InMARS.Pipeline.Stages;
using TorchSharp;

namespace InMARS.Stages.Learning;

/// <summary>Everything that looks on while a learner trains. Changes nothing of what is learned.</summary>
/// <param name="save">Writes the model as it stands to a path.</param>
internal sealed class TrainingWatch(TrainingOptions options, torch.Device device, IStageContext context, Action<string> save) : IDisposable
{
    private readonly ClusterUse _use = new(options.Clusters, device);
    private CollapseSentinel? _sentinel;
    private readonly Snapshots _snapshots = new(options.Watch.Snapshots, (options.Clusters, device), context, save);

    /// <summary>Share of the area that each cluster has had of late, sum 1.</summary>
    public IReadOnlyList<double> Shares => _use.Shares();

    /// <summary>Takes note of a step that moved the weights.</summary>
    /// <param name="progress">Share of the flow that lies behind the step, 0 to 1; NaN where that is not known.</param>
    public void Note(TrainingReport report, Views views, double progress)
    {
        _use.Add(views.Clean);
        _snapshots.Note(report, views, progress);
        Sentinel.Note(report, progress);
    }

    /// <summary>Ends with the flow.</summary>
    /// <param name="step">Steps that the last model has seen.</param>
    /// <returns>Sentences for the report.</returns>
    public IReadOnlyList<string> Finish(long step) =>
        [.. new[] { _snapshots.Finish(step), Sentinel.Finding is { } finding ? $"warning: {finding}" : null }.OfType<string>(), .. Collapse.Warn(context, Shares)];

    public void Dispose()
    {
        _use.Dispose();
        _snapshots.Dispose();
    }

    private CollapseSentinel Sentinel => _sentinel ??= new CollapseSentinel(context, () => Shares);
}
