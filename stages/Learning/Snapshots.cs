using System.Globalization;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Stages;
using TorchSharp;

namespace InMARS.Stages.Learning;

/// <summary>
/// Keeps the model at even distances through a flow, with figures of the steps in between that need no labels. Sees reports
/// and scores of steps, never images or their truth. Owns a tensor.
/// </summary>
/// <param name="moments">Snapshots that are wanted, the last included; 0 for none.</param>
/// <param name="save">Writes the model as it stands to a path.</param>
internal sealed class Snapshots(int moments, (int Clusters, torch.Device Device) place, IStageContext context, Action<string> save) : IDisposable
{
    private readonly ClusterUse _area = new(place.Clusters, place.Device, decay: 1);
    private readonly List<SnapshotFigures> _taken = [];
    private readonly List<(double Information, double? Noise, double? Space, double? Both)> _steps = [];
    private int _next = 1;

    /// <summary>Takes note of a step that moved the weights, and keeps the model where it is time.</summary>
    /// <param name="answers">What the network said of each batch of it.</param>
    /// <param name="progress">Share of the flow that lies behind the step, 0 to 1; NaN where that is not known, and then only the last model is kept.</param>
    public void Note(TrainingReport report, IReadOnlyList<SuperpixelScores> answers, double progress)
    {
        if (moments == 0)
        {
            return;
        }

        foreach (var scores in answers)
        {
            _area.Add(scores);
        }

        _steps.Add((
            report.MutualInformation / Math.Log(place.Clusters),
            Kept(report.Photometric, report.FlippedByNoise),
            Kept(report.Spatial, report.FlippedBySpace),
            Kept(report.Composed, report.FlippedByBoth)));
        if (_next < moments && progress * moments >= _next)
        {
            Take(report.Step);
            _next = (int)(progress * moments) + 1;
        }
    }

    /// <summary>Keeps the last model and writes which one is chosen.</summary>
    /// <param name="step">Steps that the last model has seen.</param>
    /// <returns>A sentence for the report; null where no snapshots are wanted.</returns>
    public string? Finish(long step)
    {
        if (moments == 0)
        {
            return null;
        }

        if (_steps.Count > 0)
        {
            Take(step);
        }

        var selection = Selection.Of(_taken);
        selection.Save(context.PathInRun("checkpoints", Selection.FileName));
        var best = _taken.Single(s => s.Name == selection.LabelFree);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Label-free best of {_taken.Count} snapshots: {best.Name} (mutual information share {best.MutualInformationShare:0.000}, agreement {best.Agreement:0.000}); the last model stays the headline.");
    }

    public void Carry(StateArchive state)
    {
        _area.Carry(state);
        _next = state.Value("next", _next);
        var (taken, steps) = (state.Value("taken", _taken.ToArray()), state.Value("steps", _steps.ToArray()));
        _taken.Clear();
        _taken.AddRange(taken);
        _steps.Clear();
        _steps.AddRange(steps);
    }

    public void Dispose() => _area.Dispose();

    /// <summary>Share that kept its cluster; null where the perturbation was off, which a divergence of 0 says.</summary>
    private static double? Kept(double divergence, double flipped) => divergence == 0 ? null : 1 - flipped;

    private void Take(long step)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"step-{step:D6}.safetensors");
        var figures = new SnapshotFigures(
            name, step, _steps.Count, _steps.Average(s => s.Information), _steps.Average(s => s.Noise), _steps.Average(s => s.Space), 0, 0, 0)
        {
            AgreementUnderBoth = _steps.Average(s => s.Both),
        }.Spread(_area.Shares());
        save(context.PathInRun("checkpoints", name));
        context.Log("snapshot", null, new JsonObject { ["name"] = name, ["score"] = figures.Score });
        _taken.Add(figures);
        _steps.Clear();
        _area.Clear();
    }
}
