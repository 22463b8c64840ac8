using System.Globalization;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Learning;

/// <summary>Watches a training for the state in which everything becomes one cluster, and says so once, while there is time.</summary>
/// <param name="shares">Tells the share of the area that each cluster has had of late.</param>
internal sealed class CollapseSentinel(IStageContext context, Func<IReadOnlyList<double>> shares)
{
    /// <summary>Steps whose mean mutual information is looked at.</summary>
    public const int Window = 50;

    /// <summary>Steps before the first look: mutual information begins at nothing.</summary>
    public const int Grace = 100;

    /// <summary>Steps from one look to the next.</summary>
    public const int Every = 25;

    /// <summary>Share of ln K below which the mutual information is next to nothing.</summary>
    public const double Floor = 0.05;

    private const double Beginning = 0.1;
    private readonly Queue<double> _information = new();
    private long _steps;

    /// <summary>What was found, with the step; null as long as all is well.</summary>
    public string? Finding { get; private set; }

    /// <param name="progress">Share of the flow that lies behind the step; NaN where that is not known.</param>
    public void Note(TrainingReport report, double progress)
    {
        _steps++;
        _information.Enqueue(report.MutualInformation);
        if (_information.Count > Window)
        {
            _information.Dequeue();
        }

        if (_steps >= Grace && report.Step % Every == 0 && !(progress < Beginning))
        {
            Look(report.Step);
        }
    }

    public void Carry(StateArchive state)
    {
        (_steps, Finding) = (state.Value("steps", _steps), state.Value("finding", Finding));
        var information = state.Value("information", _information.ToArray());
        _information.Clear();
        Array.ForEach(information, _information.Enqueue);
    }

    private void Look(long step)
    {
        var found = Found(shares());
        if (found is not null && Finding is null)
        {
            Finding = $"at step {step}, {found}";
            context.Log("warning", $"{context.Stage}: {Finding}", new JsonObject { ["step"] = step });
        }

        if (Finding is not null)
        {
            context.Show("collapsed", found is null ? 0 : 1);
        }
    }

    private string? Found(IReadOnlyList<double> spread)
    {
        var share = _information.Average() / Math.Log(spread.Count);
        return Collapse.Of(spread) ?? (share < Floor
            ? string.Create(CultureInfo.InvariantCulture, $"the mutual information of the last {_information.Count} steps is {share:0.000} of ln K, below {Floor}: the clusters say next to nothing of the image. Raise mu, or lower the weights of the perturbations.")
            : null);
    }
}
