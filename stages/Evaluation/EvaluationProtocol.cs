namespace InMARS.Stages.Evaluation;

/// <summary>How figures came about, in one line: what a reader must know before comparing them with others.</summary>
internal static class EvaluationProtocol
{
    public static string Of(Tally tally) =>
        $"Protocol: clusters are assigned to classes once, {Sets(tally)}; K = {tally.Counts.Clusters}, "
        + $"C = {tally.Counts.Classes} ({(tally.Options.Classes is null ? "greatest id seen + 1" : "as named")}); "
        + $"scored pixel by pixel, {tally.ResizeRule ?? "at the size of the truth that came with the prediction, nothing is resized here"}; {Intervals(tally)}.";

    private static string Sets(Tally tally) => tally.Options.Split is FitSplit.Same
        ? $"on the set that is scored ({tally.Options.Split.Words}: {Size(tally.Scored, tally.Counts)})"
        : $"on other images than are scored ({tally.Options.Split.Words}: fit set {Size(tally.Fitted, tally.Fit)}; score set {Size(tally.Scored, tally.Counts)})";

    private static string Size(long images, ConfusionMatrix counts) =>
        $"{images:N0} images, {counts.Counted:N0} pixels, {counts.Ignored:N0} ignored";

    private static string Intervals(Tally tally) => tally switch
    {
        { Options.Bootstrap: 0 } => "no intervals, as bootstrap is 0",
        { PerImage.Overflowed: true } => "no intervals, as the counts of the images take more than 256 MiB",
        { PerImage.Groups: < Bootstrap.FewestImages } => "no intervals, which take two images",
        { PerImage.IsGrouped: true } => $"95 % intervals by percentile bootstrap over {tally.PerImage.Groups:N0} groups of images, {tally.Options.Bootstrap:N0} draws, assignment held fixed",
        _ => $"95 % intervals by percentile bootstrap over images, {tally.Options.Bootstrap:N0} draws, assignment held fixed",
    };
}
