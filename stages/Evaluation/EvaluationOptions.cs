using InMARS.Pipeline.Configuration;
using InMARS.Stages.Shards;

namespace InMARS.Stages.Evaluation;

/// <summary>How predictions are scored.</summary>
/// <param name="Classes">
/// Names of the classes in the order of their ids, which fixes their number; null to take the greatest id seen as the last.
/// </param>
public sealed record EvaluationOptions(IReadOnlyList<string>? Classes = null)
{
    /// <summary>On which images clusters are assigned to classes, and on which they are scored.</summary>
    public FitSplit Split { get; init; } = FitSplit.None;

    /// <summary>Draws behind the intervals, 0 to 100,000; 0 leaves them out.</summary>
    public int Bootstrap { get; init; } = 1000;

    public static EvaluationOptions Read(Fields f)
    {
        var classes = f.Optional("classes", Decode.ListOf(Decode.Text), "Names of the classes in the order of their ids; without it, the greatest id seen is the last class.");
        if (classes is { Count: 0 })
        {
            f.Refuse("classes", "expected at least one name, found an empty list");
        }

        return new EvaluationOptions(classes)
        {
            Split = ReadSplit(f),
            Bootstrap = f.Get("bootstrap", Decode.WholeNumber.Between(0, 100_000), 1000, "Sets of images drawn for the 95 % intervals; 0 leaves the intervals out."),
        };
    }

    private static FitSplit ReadSplit(Fields f)
    {
        var fit = f.Group("fit", ReadFit, "Images on which clusters are assigned to classes; without it, those that are scored.");
        var score = f.Group("score", g => new Keys(g.Optional("keys", ShardPattern.Decoder, "Patterns of the keys that are scored; all that are not in fit.keys where absent.")), "Images that are scored.");
        if (score?.Patterns is not null && fit?.Patterns is null)
        {
            f.Refuse("score", "score.keys needs fit.keys beside it, which say what clusters are assigned on");
        }

        return fit switch
        {
            { Patterns: { } keys } => new FitSplit.ByKeys(keys, score?.Patterns),
            { Share: { } share } => new FitSplit.ByShare(share, fit.Seed),
            _ => FitSplit.None,
        };
    }

    private static FitKeys ReadFit(Fields f)
    {
        var fit = new FitKeys(
            f.Get("share", Decode.Number.Between(0.01, 0.99).Or("all"), null, "Share of the images, drawn by a hash of their keys, that clusters are assigned on; the others are scored."),
            f.Get("seed", Decode.LongNumber.Between(0L, long.MaxValue), 1, "Seed of that draw; the same seed draws the same images for every method."),
            f.Optional("keys", ShardPattern.Decoder, "Patterns of the keys that clusters are assigned on, with * and ?; shard and key where they hold a colon: 'train-*.tar:*'."));
        if (fit is { Share: not null, Patterns: not null })
        {
            f.Refuse("share", "expected share or keys, found both");
        }

        return fit;
    }

    private sealed record Keys(IReadOnlyList<string>? Patterns);

    private sealed record FitKeys(double? Share, long Seed, IReadOnlyList<string>? Patterns);
}
