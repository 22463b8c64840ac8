using System.Collections.Immutable;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Learning;
using InMARS.Stages.Superpixels;

namespace InMARS.Stages.Evaluation;

/// <summary>How the snapshots of a training are scored.</summary>
/// <param name="Segment">Model and paint; its checkpoint is each snapshot in turn.</param>
public sealed record CheckpointEvaluationOptions(SegmentOptions Segment, EvaluationOptions Evaluation)
{
    public static CheckpointEvaluationOptions Read(Fields f) => new(
        new SegmentOptions(
            f.Optional("model", Decode.Text, "Run directory or checkpoint folder; the model of this run where absent."),
            Paint: f.Get("paint", Decode.OneOf(("superpixel", Paint.Superpixel), ("pixel", Paint.Pixel)), Paint.Superpixel, "Whether each superpixel or each pixel gets a cluster."))
        {
            Pooling = SegmentOptions.ReadPooling(f),
        },
        EvaluationOptions.Read(f));
}

/// <summary>
/// Predicts every image with every snapshot and scores each by itself. The headline is the last model; beside it stand the
/// one chosen without labels, and the one that the labels favour, which is no result but what labels would have added.
/// </summary>
/// <remarks>Faults: those of <see cref="HungarianEvaluation"/>, and <c>segment.bands</c>. A list of which one image fails is left out whole.</remarks>
public static class CheckpointEvaluation
{
    public const string Name = "evaluate.checkpoints";

    public static Sink<IReadOnlyList<SuperpixelMap>> Sink(FlowOptions flow, CheckpointEvaluationOptions options) =>
        new(Name, flow, context => new Writer(context, options)) { Borrows = true };

    private sealed record Candidate(SnapshotFigures Figures, Segmentation Model, Tally Tally);

    private sealed class Writer : ISinkWriter<IReadOnlyList<SuperpixelMap>>, IResumable
    {
        private readonly IStageContext _context;
        private readonly Selection _selection;
        private readonly List<Candidate> _candidates = [];

        public Writer(IStageContext context, CheckpointEvaluationOptions options)
        {
            var model = Checkpoint.Resolve(options.Segment.Model ?? context.Run.Directory);
            (_context, _selection) = (context, Selection.Load(Path.GetDirectoryName(model) ?? ""));
            foreach (var figures in _selection.Snapshots)
            {
                var segment = options.Segment with { Model = model, Checkpoint = figures.Name };
                _candidates.Add(new Candidate(figures, new Segmentation(segment, context), new Tally(options.Evaluation)));
            }
        }

        public Task<Fault?> WriteAsync(IReadOnlyList<SuperpixelMap> value, ItemContext item, CancellationToken stop) =>
            Task.FromResult(Segment(value).Match(Add, Fault? (fault) => fault));

        public Task CompleteAsync(CancellationToken stop)
        {
            if (_candidates[^1].Tally.Emptiness() is { } emptiness)
            {
                throw new RunException(emptiness);
            }

            var scored = _candidates.ConvertAll(c => (c.Figures, c.Tally, Scores: Scores.Of(c.Tally.Fit, c.Tally.Counts)));
            foreach (var report in CheckpointReport.Of(Name, scored, _selection))
            {
                _context.Report(report);
            }

            return Task.CompletedTask;
        }

        public void Carry(StateArchive state) => _candidates.ForEach(c => c.Tally.Carry(state.Within(c.Figures.Name)));

        public ValueTask DisposeAsync()
        {
            _candidates.ForEach(c => c.Model.Dispose());
            return ValueTask.CompletedTask;
        }

        private Result<ImmutableList<IReadOnlyList<Prediction>>> Segment(IReadOnlyList<SuperpixelMap> images) => _candidates.Aggregate(
            new Result<ImmutableList<IReadOnlyList<Prediction>>>.Ok([]) as Result<ImmutableList<IReadOnlyList<Prediction>>>,
            (all, candidate) => from before in all from made in candidate.Model.Segment(images) select before.Add(made));

        private Fault? Add(ImmutableList<IReadOnlyList<Prediction>> predictions)
        {
            if (predictions[0].Select(_candidates[0].Tally.Refusal).FirstOrDefault(fault => fault is not null) is { } refusal)
            {
                return refusal;
            }

            foreach (var (candidate, made) in _candidates.Zip(predictions))
            {
                foreach (var prediction in made)
                {
                    _ = candidate.Tally.Add(prediction);
                }
            }

            return null;
        }
    }
}
