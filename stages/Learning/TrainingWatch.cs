using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;

namespace InMARS.Stages.Learning;

/// <summary>Everything that looks on while a learner trains. Changes nothing of what is learned.</summary>
/// <param name="network">Borrowed.</param>
/// <param name="objective">The one of the moment; borrowed.</param>
/// <param name="save">Writes the model as it stands to a path.</param>
internal sealed class TrainingWatch(
    TrainingOptions options, Segmenter network, Func<IObjective> objective, IStageContext context, Action<string> save) : IDisposable
{
    private readonly ClusterUse _use = new(options.Clusters, network.Device);
    private readonly Gallery _gallery = new(options.Watch.Gallery, network, objective, context);
    private CollapseSentinel? _sentinel;
    private readonly Snapshots _snapshots = new(options.Watch.Snapshots, (options.Clusters, network.Device), context, save);

    /// <summary>Share of the area that each cluster has had of late, sum 1.</summary>
    public IReadOnlyList<double> Shares => _use.Shares();

    /// <summary>Sees a batch before it is learned from.</summary>
    /// <param name="batch">Borrowed.</param>
    public void See(ImageBatch batch, int epoch) => _gallery.See(batch, epoch);

    /// <summary>Takes note of a step that moved the weights.</summary>
    /// <param name="answers">What the network said of each batch of it.</param>
    /// <param name="progress">Share of the flow that lies behind the step, 0 to 1; NaN where that is not known.</param>
    public void Note(TrainingReport report, IReadOnlyList<SuperpixelScores> answers, double progress)
    {
        foreach (var scores in answers)
        {
            _use.Add(scores);
        }

        _snapshots.Note(report, answers, progress);
        Sentinel.Note(report, progress);
    }

    /// <summary>The training starts again: what was seen of the first start is no sign of collapse.</summary>
    public void Restart() => _sentinel = null;

    /// <summary>Ends with the flow.</summary>
    /// <param name="step">Steps that the last model has seen.</param>
    /// <returns>Sentences for the report.</returns>
    public IReadOnlyList<string> Finish(long step) =>
        [.. new[] { _snapshots.Finish(step), Sentinel.Finding is { } finding ? $"warning: {finding}" : null, _gallery.Finish() }.OfType<string>(), .. Collapse.Warn(context, Shares)];

    public void Carry(StateArchive state)
    {
        _use.Carry(state.Within("use"));
        _gallery.Carry(state.Within("gallery"));
        _snapshots.Carry(state.Within("snapshots"));
        Sentinel.Carry(state.Within("sentinel"));
    }

    public void Dispose()
    {
        _use.Dispose();
        _snapshots.Dispose();
    }

    private CollapseSentinel Sentinel => _sentinel ??= new CollapseSentinel(context, () => Shares);
}
