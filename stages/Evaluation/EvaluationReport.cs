using System.Globalization;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Evaluation;

/// <summary>Tells a tally: the headline, the protocol in words, and every number behind them.</summary>
internal static class EvaluationReport
{
    /// <summary>Share of the pixels above which one cluster is worth a warning.</summary>
    private const double TooMuch = 0.95;

    private const int MostCells = 1 << 16;

    public static StageReport Of(string kind, Tally tally) => Of(kind, tally, Scores.Of(tally.Fit, tally.Counts));

    public static StageReport Of(string kind, Tally tally, Scores scores)
    {
        var intervals = IntervalsOf(tally, scores.OneToOne);
        return new StageReport(kind, Headline(tally, scores, intervals), [.. Notes(tally, scores)], Detail(tally, scores, intervals));
    }

    /// <summary>A sentence when one cluster has swallowed nearly everything.</summary>
    public static string? Warning(Tally tally) => tally.Occupancy.Dominant(TooMuch) is { } cluster
        ? $"Cluster {cluster} has {Percent(tally.Occupancy.Shares[cluster])} of the pixels: the clustering has collapsed."
        : null;

    private static List<KeyValuePair<string, double>> Headline(Tally tally, Scores scores, ScoreIntervals? intervals)
    {
        List<(string Name, double Value)> all =
        [
            ("accuracy", scores.OneToOne.Accuracy),
            ("accuracy_low", intervals?.Accuracy.Low ?? double.NaN),
            ("accuracy_high", intervals?.Accuracy.High ?? double.NaN),
            ("miou", scores.OneToOne.MeanIou),
            ("miou_low", intervals?.MeanIou.Low ?? double.NaN),
            ("miou_high", intervals?.MeanIou.High ?? double.NaN),
            ("majority_accuracy", scores.Majority.Accuracy),
            ("evenness", tally.Occupancy.Evenness),
            ("images", tally.Images),
        ];
        return [.. all.Where(figure => double.IsFinite(figure.Value)).Select(figure => KeyValuePair.Create(figure.Name, figure.Value))];
    }

    private static ScoreIntervals? IntervalsOf(Tally tally, MappedScores scores) => tally.PerImage.Groups < Bootstrap.FewestImages
        ? null
        : Bootstrap.Of(tally.PerImage, scores.ClassOf, tally.Counts.Classes, tally.Options.Bootstrap);

    private static IEnumerable<string> Notes(Tally tally, Scores scores)
    {
        yield return tally.Known > 0 ? EvaluationProtocol.Of(tally) : $"No truth: only the spread of {tally.Images:N0} images over the clusters is told.";
        if (tally.Known > 0 && tally.Known < tally.Images)
        {
            yield return $"{tally.Images - tally.Known:N0} of {tally.Images:N0} images have no truth and are not scored.";
        }

        if (tally.LeftOut > 0)
        {
            yield return $"{tally.LeftOut:N0} of {tally.Images:N0} images are in neither set: neither fit.keys nor score.keys match them.";
        }

        if (tally.Counts.Counted > 0 && Unmatched(tally, scores) is { } unmatched)
        {
            yield return unmatched;
        }

        if (Warning(tally) is { } warning)
        {
            yield return warning;
        }
    }

    private static string? Unmatched(Tally tally, Scores scores)
    {
        var clusters = Enumerable.Range(0, tally.Counts.Clusters)
            .Where(c => scores.OneToOne.ClassOf[c] is null)
            .Select(c => $"{c} ({Percent(ScoredShare(tally.Counts, c))})")
            .ToList();
        var classes = Enumerable.Range(0, tally.Counts.Classes)
            .Except(scores.OneToOne.ClassOf.OfType<int>())
            .Select(k => Name(tally, k))
            .ToList();
        return clusters.Count > 0 ? $"Clusters without a class, whose pixels are errors one to one: {Brief(clusters)}."
            : classes.Count > 0 ? $"Classes without a cluster: {Brief(classes)}."
            : null;
    }

    private static string Brief(List<string> names) =>
        names.Count <= 12 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(12))} and {names.Count - 12} more";

    private static JsonObject Detail(Tally tally, Scores scores, ScoreIntervals? intervals) => new()
    {
        ["protocol"] = tally.Known > 0 ? EvaluationProtocol.Of(tally) : null,
        ["accuracy"] = Number(scores.OneToOne.Accuracy),
        ["miou"] = Number(scores.OneToOne.MeanIou),
        ["mean_class_accuracy"] = Number(scores.OneToOne.MeanClassAccuracy),
        ["intervals"] = Intervals(intervals),
        ["majority"] = new JsonObject
        {
            ["accuracy"] = Number(scores.Majority.Accuracy),
            ["miou"] = Number(scores.Majority.MeanIou),
            ["mean_class_accuracy"] = Number(scores.Majority.MeanClassAccuracy),
            ["intervals"] = Intervals(IntervalsOf(tally, scores.Majority)),
        },
        ["evenness"] = Number(tally.Occupancy.Evenness),
        ["images"] = tally.Images,
        ["images_scored"] = tally.Scored,
        ["images_fitted"] = tally.Fitted,
        ["pixels_fitted"] = tally.Fit.Counted,
        ["pixels_scored"] = tally.Counts.Counted,
        ["pixels_ignored"] = tally.Counts.Ignored,
        ["classes"] = List(tally.Counts.Classes, k => ClassDetail(tally, scores, k)),
        ["clusters"] = List(tally.Counts.Clusters, c => ClusterDetail(tally, scores, c)),
        ["confusion"] = tally.Counts.Clusters * tally.Counts.Classes <= MostCells
            ? List(tally.Counts.Clusters, c => List(tally.Counts.Classes, k => JsonValue.Create(tally.Counts[c, k])))
            : null,
    };

    private static JsonObject? Intervals(ScoreIntervals? intervals) => intervals is null ? null : new JsonObject
    {
        ["level"] = 0.95,
        ["accuracy"] = new JsonArray(intervals.Accuracy.Low, intervals.Accuracy.High),
        ["miou"] = new JsonArray(intervals.MeanIou.Low, intervals.MeanIou.High),
    };

    private static JsonObject ClassDetail(Tally tally, Scores scores, int label) => new()
    {
        ["id"] = label,
        ["name"] = Name(tally, label),
        ["pixels"] = Enumerable.Range(0, tally.Counts.Clusters).Sum(c => tally.Counts[c, label]),
        ["cluster"] = Enumerable.Range(0, tally.Counts.Clusters).Select(c => (int?)c).FirstOrDefault(c => scores.OneToOne.ClassOf[c!.Value] == label),
        ["iou"] = Number(scores.OneToOne.ClassIou[label]),
        ["accuracy"] = Number(scores.OneToOne.ClassAccuracy[label]),
    };

    private static JsonObject ClusterDetail(Tally tally, Scores scores, int cluster) => new()
    {
        ["id"] = cluster,
        ["share"] = Number(tally.Occupancy.Shares[cluster]),
        ["share_of_scored"] = Number(ScoredShare(tally.Counts, cluster)),
        ["class"] = scores.OneToOne.ClassOf[cluster],
        ["majority_class"] = scores.Majority.ClassOf[cluster],
    };

    private static double ScoredShare(ConfusionMatrix counts, int cluster) =>
        Enumerable.Range(0, counts.Classes).Sum(k => counts[cluster, k]) / (double)counts.Counted;

    private static string Name(Tally tally, int label) => tally.Options.Classes?[label] ?? label.ToString(CultureInfo.InvariantCulture);

    private static JsonArray List(int count, Func<int, JsonNode?> element) => new([.. Enumerable.Range(0, count).Select(element)]);

    private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    private static string Percent(double share) => $"{100 * share:0.0} %";
}
