namespace InMARS.Stages.Evaluation;

/// <summary>Scores once every cluster stands for a class, or for none.</summary>
/// <param name="ClassOf">Class of each cluster; null where its pixels count as errors.</param>
/// <param name="Accuracy">Share of the pixels whose cluster stands for their class; NaN without pixels.</param>
/// <param name="MeanIou">Mean over the classes that occur in truth or prediction; NaN without any.</param>
/// <param name="MeanClassAccuracy">Mean over the classes that occur in the truth; NaN without any.</param>
/// <param name="ClassIou">TP / (TP + FP + FN) of each class; NaN where it occurs in neither truth nor prediction.</param>
/// <param name="ClassAccuracy">TP / (TP + FN) of each class; NaN where it does not occur in the truth.</param>
public sealed record MappedScores(
    IReadOnlyList<int?> ClassOf,
    double Accuracy,
    double MeanIou,
    double MeanClassAccuracy,
    IReadOnlyList<double> ClassIou,
    IReadOnlyList<double> ClassAccuracy)
{
    /// <summary>Scores a mapping; several clusters may stand for one class.</summary>
    public static MappedScores Of(ConfusionMatrix counts, IReadOnlyList<int?> classOf)
    {
        var sums = ClassSums.Of(counts, classOf);
        return new MappedScores(
            classOf,
            sums.Accuracy,
            sums.MeanIou,
            sums.MeanClassAccuracy,
            [.. Enumerable.Range(0, counts.Classes).Select(sums.Iou)],
            [.. Enumerable.Range(0, counts.Classes).Select(sums.ClassAccuracy)]);
    }
}
