using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;
using InMARS.Stages.Shards;

namespace InMARS.Stages.Evaluation;

/// <summary>Turns two encoded label maps into a prediction with its truth, whoever wrote them.</summary>
public static class PairDecoding
{
    /// <summary>The kernel of the stage.</summary>
    /// <remarks>
    /// The cluster count of the result is its greatest cluster plus one. Faults: <c>pairs.empty</c>, <c>.format</c>,
    /// <c>.too_large</c>, <c>.decode</c>, <c>.bands</c>, <c>.depth</c> for what is no label map, and <c>label.unknown_id</c>.
    /// </remarks>
    public static Kernel<PairedMaps, Prediction> Kernel(PairOptions options)
    {
        var classes = new ClassTable(new LabelOptions(Use: true, Required: true, options.Strict, options.Ignore, options.Classes));
        return (pair, _) =>
            from prediction in Read("prediction", pair.Prediction, options.MaxPixels)
            from truth in Read("truth", pair.Truth, options.MaxPixels)
            from ids in classes.Apply(truth.Ids)
            select Joined(pair.Origin, prediction, truth with { Ids = ids }, options.Resize);
    }

    private static Prediction Joined(Origin origin, LabelMap prediction, LabelMap truth, PairResize resize)
    {
        var clusters = resize == PairResize.PredictionToTruth ? Resized(prediction, truth) : prediction;
        var classes = resize == PairResize.TruthToPrediction ? Resized(truth, prediction) : truth;
        return new Prediction(origin, clusters.Height, clusters.Width, 1 + clusters.Ids.Max(), clusters.Ids, Truth: classes, ResizeRule: Rule(resize));
    }

    private static LabelMap Resized(LabelMap map, LabelMap like) => PixelMap.Nearest(map, like.Height, like.Width).Move(map);

    private static string? Rule(PairResize resize) => resize switch
    {
        PairResize.PredictionToTruth => "predictions resized to the truth by nearest neighbour",
        PairResize.TruthToPrediction => "truth resized to the predictions by nearest neighbour",
        _ => null,
    };

    private static Result<LabelMap> Read(string role, byte[] encoded, long maxPixels) =>
        LabelDecoding.Stored(encoded, maxPixels).Match(
            map => map,
            Result<LabelMap> (fault) => fault with { Code = fault.Code.Replace("label.", "pairs."), Message = $"the {role}: {fault.Message}" });
}
