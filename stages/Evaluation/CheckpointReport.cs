using System.Text.Json.Nodes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Learning;

namespace InMARS.Stages.Evaluation;

/// <summary>Tells how snapshots scored: the last one, the one chosen without labels, and the one that labels favour.</summary>
internal static class CheckpointReport
{
    public const string Last = "last";
    public const string LabelFree = "label-free best";
    public const string Oracle = "oracle best (uses labels)";

    /// <param name="scored">Every snapshot in order of its steps; at least one.</param>
    public static IEnumerable<StageReport> Of(
        string kind, IReadOnlyList<(SnapshotFigures Figures, Tally Tally, Scores Scores)> scored, Selection selection)
    {
        var (last, chosen) = (scored[^1], scored.Single(s => s.Figures.Name == selection.LabelFree));
        var report = EvaluationReport.Of(kind, last.Tally, last.Scores);
        yield return With(report, Last, last.Figures, [$"The headline is the last model, {last.Figures.Name}.", .. report.Notes]) with
        {
            Detail = Detail(report, scored),
        };
        yield return With(
            EvaluationReport.Of(kind, chosen.Tally, chosen.Scores), LabelFree, chosen.Figures, [$"{LabelFree}: {chosen.Figures.Name}, chosen without labels: {selection.Rule}."]);
        if (last.Tally.Known == 0)
        {
            yield break;
        }

        var best = scored.AsEnumerable().Reverse().MaxBy(s => s.Scores.OneToOne.Accuracy);
        yield return With(
            EvaluationReport.Of(kind, best.Tally, best.Scores), Oracle, best.Figures, [$"{Oracle}: {best.Figures.Name} is the most accurate by the labels it is scored with; a bound, not a result."]);
    }

    private static StageReport With(StageReport report, string row, SnapshotFigures figures, IReadOnlyList<string> notes) => report with
    {
        Row = row,
        Headline = [.. report.Headline, KeyValuePair.Create("step", (double)figures.Step)],
        Notes = notes,
    };

    private static JsonObject Detail(StageReport report, IReadOnlyList<(SnapshotFigures Figures, Tally Tally, Scores Scores)> scored)
    {
        var detail = (JsonObject)report.Detail!.DeepClone();
        detail["snapshots"] = new JsonArray([.. scored.Select(s => new JsonObject
        {
            ["name"] = s.Figures.Name,
            ["step"] = s.Figures.Step,
            ["label_free_score"] = s.Figures.Score,
            ["mutual_information_share"] = s.Figures.MutualInformationShare,
            ["agreement"] = s.Figures.Agreement,
            ["dead_clusters"] = s.Figures.DeadClusters,
            ["accuracy"] = Number(s.Scores.OneToOne.Accuracy),
            ["miou"] = Number(s.Scores.OneToOne.MeanIou),
        })]);
        return detail;
    }

    private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
