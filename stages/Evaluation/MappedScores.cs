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
        var hits = new long[counts.Classes];
        var predicted = new long[counts.Classes];
        var present = new long[counts.Classes];
        for (var c = 0; c < counts.Clusters; c++)
        {
            for (var k = 0; k < counts.Classes; k++)
            {
                present[k] += counts[c, k];
                if (classOf[c] is { } label)
                {
                    predicted[label] += counts[c, k];
                    hits[k] += label == k ? counts[c, k] : 0;
                }
            }
        }

        var iou = Enumerable.Range(0, counts.Classes).Select(k => Share(hits[k], present[k] + predicted[k] - hits[k])).ToArray();
        var accuracy = hits.Zip(present, Share).ToArray();
        return new MappedScores(classOf, Share(hits.Sum(), counts.Counted), Mean(iou), Mean(accuracy), iou, accuracy);
    }

    private static double Share(long part, long whole) => whole == 0 ? double.NaN : (double)part / whole;

    private static double Mean(double[] values) => values.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
}
