using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Evaluation;

/// <summary>Scores predictions against the truth they carry, over the whole flow at once.</summary>
/// <remarks>
/// Faults: <c>evaluate.size</c>, <c>evaluate.unknown_class</c>, <c>evaluate.unknown_cluster</c>, <c>evaluate.too_many_ids</c>,
/// <c>evaluate.both_sets</c>.
/// A prediction without truth adds to the occupancy only. The report is given when the flow has gone well.
/// </remarks>
public static class HungarianEvaluation
{
    /// <exception cref="RunException">Raised at the end where there is truth, but no image in the fit set or in the score set.</exception>
    public static Sink<Prediction> Sink(string name, FlowOptions flow, EvaluationOptions options) =>
        new(name, flow, context => new Writer(context, name, new Tally(options))) { Borrows = true };

    private sealed class Writer(IStageContext context, string kind, Tally tally) : ISinkWriter<Prediction>, IResumable
    {
        public Task<Fault?> WriteAsync(Prediction value, ItemContext item, CancellationToken stop) => Task.FromResult(tally.Add(value));

        public Task CompleteAsync(CancellationToken stop)
        {
            if (tally.Emptiness() is { } emptiness)
            {
                throw new RunException(emptiness);
            }

            if (EvaluationReport.Warning(tally) is { } warning)
            {
                context.Log("warning", warning);
            }

            context.Report(EvaluationReport.Of(kind, tally));
            return Task.CompletedTask;
        }

        public void Carry(StateArchive state) => tally.Carry(state);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
