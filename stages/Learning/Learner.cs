using System.Globalization;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Batching;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>
/// The one mutable thing of a run: owns network, optimiser, averaged weights and generator. Stays on the thread that
/// opened it. What a step draws depends on its item's seed only, so nothing random is hidden here between steps.
/// </summary>
public sealed partial class Learner : IResumable, IDisposable
{
    private const int Remembered = 50;
    private const double Decision = 5;
    private readonly TrainingOptions _options;
    private readonly IStageContext _context;
    private readonly Segmenter _network;
    private Adam _optimiser;
    private WeightAverage? _average;
    private readonly Generator _random;
    private readonly Func<Segmenter, Generator, bool, IObjective> _objectives;
    private readonly TrainingWatch _watch;
    private IObjective _objective;
    private readonly Queue<TrainingReport> _recent = new();
    private StepGroup? _group;
    private long _step;
    private readonly Setbacks _setbacks;
    private readonly MicroBatches _microBatches;
    private readonly NativeFailures _failures;
    private readonly StepMemory _memory;
    private readonly Uprightness _uprightness = new();
    private readonly MemoryLimit? _limit;
    private bool _again;

    /// <exception cref="RunException">The device of the run is not there.</exception>
    /// <param name="objective">Makes what is minimised, of the learner's network and generator, and whether this is the second start.</param>
    /// <param name="heads">Heads of K clusters, of which the objective chooses one.</param>
    /// <param name="limit">What memory there is for all of the process, where a step is worked on the CPU; null to ask the machine.</param>
    internal Learner(
        TrainingOptions options, Func<Segmenter, Generator, bool, IObjective> objective, IStageContext context, int heads = 1, MemoryLimit? limit = null)
    {
        var device = TorchRuntime.Open(context);
        (_options, _context) = (options, context);
        _network = new Segmenter(options.Network, options.Clusters, options.Overclustering.Clusters, unchecked((ulong)context.Run.Seed), device, heads: heads);
        _optimiser = new Adam(_network.Parameters);
        _average = options.Ema > 0 ? new WeightAverage(_network, options.Ema) : null;
        _random = new Generator(0, device);
        _objectives = objective;
        _objective = objective(_network, _random, false);
        _watch = new TrainingWatch(options, _network, () => _objective, context, Save);
        (_setbacks, _microBatches, _failures) = (new Setbacks(context), new MicroBatches(context), new NativeFailures(context));
        _memory = StepMemory.Of(options, heads, _objective.Load);
        _limit = device.type == DeviceType.CPU ? limit ?? MemoryLimit.Read() : null;
        _setbacks.Remember(Model());
    }

    /// <summary>The network as it stands; borrowed.</summary>
    public Segmenter Network => _network;

    /// <summary>What its steps take of memory, by estimate.</summary>
    internal StepMemory Memory => _memory;

    /// <summary>Learns from one batch: a step, or a share of one where steps are made of several.</summary>
    /// <param name="batch">Borrowed.</param>
    /// <returns>
    /// The report of the step that this batch completes; none where it completes none, or where the loss was not finite
    /// and the step was left out; or <c>learn.bands</c> or <c>learn.too_small</c>.
    /// </returns>
    /// <exception cref="RunException">The loss was not finite for 20 steps in a row, twice; or there is not the memory for such a batch.</exception>
    public Result<IReadOnlyList<TrainingReport>> Step(ImageBatch batch, ItemContext item)
    {
        if (Misfit(batch) is { } fault)
        {
            return fault;
        }

        using var scope = NewDisposeScope();
        CheckMemory(BatchPart.Whole(batch));
        Look(batch, item.Epoch);
        _watch.See(batch, item.Epoch);
        var group = _group ??= Begin();
        Learn(group, BatchPart.Whole(batch), item);
        group.Complete(item);
        var reports = group.Batches < _options.Accumulate ? [] : Close(group);
        if (_group is null && _objective.HasStalled)
        {
            Restart();
        }

        return Result.Ok(reports);
    }

    /// <summary>Takes the last step from what there is for it, writes the checkpoint and reports how the flow ended.</summary>
    /// <returns>The report of the last step, where it was waiting for more batches.</returns>
    /// <exception cref="RunException">Nothing was learned from, or the disk is full.</exception>
    public IReadOnlyList<TrainingReport> Finish()
    {
        using var scope = NewDisposeScope();
        var last = _group is { } open ? Close(open) : [];
        if (_recent.Count == 0)
        {
            throw new RunException($"no batch reached {_context.Stage}, so there is no model to save; look at the source, and at a last batch that is dropped");
        }

        var path = _context.PathInRun("checkpoints", Checkpoint.FileName);
        Save(path);
        Reports.ClusterLegend.Default(_options.Clusters).Save(_context.PathInRun(Reports.ClusterLegend.FileName));
        _context.Log("checkpoint", $"{_context.Stage}: model of {_step} steps written to {path}", new JsonObject { ["path"] = path, ["steps"] = _step });
        Report(path);
        return last;
    }

    /// <summary>Writes the model as it stands: averaged weights where they are kept, else the last ones.</summary>
    /// <exception cref="RunException">The disk is full or the folder is not writable.</exception>
    public void Save(string path)
    {
        using var scope = NewDisposeScope();
        _objective.Settle();
        Checkpoint.Save(path, _network.Published(_average?.State ?? _network.State), ModelCard.Of(_options, _objective.Options, _network.Merged, _network.Upright));
    }

    public void Dispose()
    {
        _watch.Dispose();
        (_objective as IDisposable)?.Dispose();
        _group?.Dispose();
        _optimiser.Dispose();
        _average?.Dispose();
        _random.Dispose();
        _network.Dispose();
    }

    private Fault? Misfit(ImageBatch batch)
    {
        var (bands, height, width) = (batch.Pixels.shape[1], batch.Pixels.shape[2], batch.Pixels.shape[3]);
        var least = _options.Network.LeastLearningSide;
        return bands != _options.Network.Bands
            ? new Fault("learn.bands", $"expected images of {_options.Network.Bands} bands, as network.bands says, found {bands}")
            : Math.Min(height, width) < least
                ? new Fault("learn.too_small", $"a network of stride {_options.Network.Stride} learns from images of {least}x{least} pixels or more, found {height}x{width}")
                : null;
    }

    /// <summary>Decides whether the images have an up, as soon as they tell; until then that is not known.</summary>
    private void Look(ImageBatch batch, int epoch)
    {
        if (_uprightness.IsUpright is not null)
        {
            return;
        }

        _uprightness.See(batch, epoch);
        if (_uprightness.IsUpright is { } upright)
        {
            _network.Upright = upright;
            _context.Log("upright", $"{_context.Stage}: {UprightNote}", new JsonObject { ["upright"] = upright, ["share"] = _uprightness.Share });
        }
    }

    private string UprightNote => _network.Upright is { } upright
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{_uprightness.Share:P1} of the light within an image is told by what others have at the same height, so the images have {(upright ? "an up" : "no up")}")
        : "too few images to tell whether they have an up";

    /// <summary>What was learned so far is forgotten; steps count on.</summary>
    private void Restart()
    {
        _context.Log(
            "restart",
            $"{_context.Stage}: after {_step} steps the perturbations have left nothing of what was learned first; starts again without a ramp and with less of their weight",
            new JsonObject { ["step"] = _step });
        _network.Redraw(unchecked((ulong)_context.Run.Seed), Decision);
        _again = true;
        _optimiser.Dispose();
        _optimiser = new Adam(_network.Parameters);
        _average?.Dispose();
        _average = _options.Ema > 0 ? new WeightAverage(_network, _options.Ema) : null;
        (_objective as IDisposable)?.Dispose();
        _objective = _objectives(_network, _random, _again);
        _watch.Restart();
    }

    private void LeaveOut(StepFigures figures)
    {
        if (_setbacks.LeaveOut(_step, figures) is { } good)
        {
            CarryModel(StateArchive.Load(good));
        }
    }

    private double RateAt(double progress) => _options.RateAt(progress) * _setbacks.Rate;

    private TrainingReport Note(StepFigures figures, StepGroup group)
    {
        var report = figures.Report(_step, group.Last.Epoch, RateAt(group.Last.Progress));
        _watch.Note(report, group.Answers, group.Last.Progress);
        _recent.Enqueue(report);
        if (_recent.Count > Remembered)
        {
            _recent.Dequeue();
        }

        _context.Show("loss", report.Loss);
        _context.Show("mi", report.MutualInformation);
        return report;
    }

    private void Report(string path)
    {
        _context.Report(LearningReport.Of(_context.Stage, _recent, _step, _watch.Shares) with
        {
            Notes =
            [
                $"Model: {path}",
                $"Figures are means of the last {_recent.Count} steps.",
                $"{UprightNote}; the network is told {(_network.SeesHeight ? "how high a pixel lies" : "no heights")} (network.height: {_options.Network.Height.ToString().ToLowerInvariant()}).",
                .. _setbacks.Told,
                .. _microBatches.Told,
                .. _objective.Told,
                .. _watch.Finish(_recent.Last().Step),
            ],
        });
    }
}
