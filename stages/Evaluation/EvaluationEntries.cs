using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Shards;

namespace InMARS.Stages.Evaluation;

/// <summary>The entries of this folder.</summary>
public static class EvaluationEntries
{
    public static IEnumerable<StageEntry> All =>
    [
        StageEntry.Sink(
            "evaluate.hungarian",
            "Scores predictions against their truth over the whole flow: one assignment of clusters to classes, accuracy, IoU with intervals, and the spread of the clusters.",
            "Emits one report when the flow has gone well. Holds back nothing but counts. Fails items whose truth has another size or an unknown class id, and those in both sets.",
            (f, step) => HungarianEvaluation.Sink("evaluate.hungarian", step.Flow, EvaluationOptions.Read(f))),
        StageEntry.Sink(
            CheckpointEvaluation.Name,
            "Predicts every image with every snapshot of a training and scores each: the last, the one chosen without labels, and the one labels favour.",
            "Emits one report a row when the flow has gone well. Holds back nothing but counts. Fails lists of which an image has another number of bands than the model, or a truth that does not fit.",
            (f, step) => CheckpointEvaluation.Sink(step.Flow, CheckpointEvaluationOptions.Read(f))),
        StageEntry.Stage(
            "pairs.decode",
            "Decodes a label map and its truth, whoever wrote them, so that they can be scored.",
            "Emits one prediction for each pair. Holds back nothing. Fails items that are not label maps of 8 or 16 bits.",
            (f, step) => Stage.Map("pairs.decode", step.Flow, PairDecoding.Kernel(ReadPairs(f))) with { Borrows = true }),
    ];

    private static PairOptions ReadPairs(Fields f)
    {
        var options = new PairOptions(
            f.Get("ignore", Decode.WholeNumber.Between(0, ushort.MaxValue).Or("none"), 255, "Id of the truth files for pixels that are not scored."),
            f.Get(
                "resize",
                Decode.OneOf(("none", PairResize.None), ("prediction_to_truth", PairResize.PredictionToTruth), ("truth_to_prediction", PairResize.TruthToPrediction)),
                PairResize.None,
                "What becomes of maps of different sizes; nearest neighbour."),
            f.Optional(
                "classes",
                Decode.MapOf(Decode.ListOf(Decode.WholeNumber.Between(0, ushort.MaxValue))),
                "Names of the classes, each with the ids of the truth files that belong to it; without it, ids are classes."),
            f.Get("strict", Decode.YesNo, false, "true makes an id that is in no class a fault; otherwise such pixels are ignored."),
            f.Get("max_pixels", Decode.LongNumber.Between(1, 500_000_000), 100_000_000, "Label maps whose header declares more pixels are refused before they are decoded."));
        foreach (var id in (options.Classes ?? []).SelectMany(c => c.Value).CountBy(id => id).Where(n => n.Value > 1))
        {
            f.Refuse("classes", $"id {id.Key} belongs to {id.Value} classes, expected one");
        }

        return options;
    }
}
