using System.Globalization;
using System.IO.Enumeration;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Shards;

namespace InMARS.Stages.Evaluation;

/// <summary>What an image is used for.</summary>
/// <param name="Fit">Clusters are assigned to classes on it.</param>
/// <param name="Score">The assignment is scored on it.</param>
public readonly record struct SetMembership(bool Fit, bool Score);

/// <summary>On which images clusters are assigned to classes, and on which that assignment is scored.</summary>
public abstract record FitSplit
{
    private FitSplit()
    {
    }

    /// <summary>One set for both, as most published figures have it.</summary>
    public static FitSplit None { get; } = new Same();

    /// <summary>How the sets came about, for the protocol.</summary>
    public abstract string Words { get; }

    /// <summary>What an image is used for, or <c>evaluate.both_sets</c>.</summary>
    public abstract Result<SetMembership> Of(Origin origin);

    /// <summary>Every image serves both.</summary>
    public sealed record Same : FitSplit
    {
        public override string Words => "fit set = score set";

        public override Result<SetMembership> Of(Origin origin) => new SetMembership(true, true);
    }

    /// <summary>A share of the images, drawn by a hash of their keys: the same for every method that is scored.</summary>
    /// <param name="Share">Share that is fitted on, 0 to 1; the others are scored.</param>
    /// <param name="Seed">Seed of the draw.</param>
    public sealed record ByShare(double Share, long Seed) : FitSplit
    {
        public override string Words => string.Create(CultureInfo.InvariantCulture, $"drawn by key, share {Share}, seed {Seed}");

        public override Result<SetMembership> Of(Origin origin)
        {
            var fit = SplitMix64.Of(Seed, origin.Key, 0).Next() < Share * Math.Pow(2, 64);
            return new SetMembership(fit, !fit);
        }
    }

    /// <summary>
    /// Sets named by patterns of keys, with <c>*</c> and <c>?</c>; a pattern with a colon is one of shard and key, such as
    /// <c>train-*.tar:*</c>.
    /// </summary>
    /// <param name="Fit">Keys that are fitted on.</param>
    /// <param name="Score">Keys that are scored; null for all others.</param>
    public sealed record ByKeys(IReadOnlyList<string> Fit, IReadOnlyList<string>? Score) : FitSplit
    {
        public override string Words => $"fit on keys {Listed(Fit)}, scored on {(Score is null ? "all others" : $"keys {Listed(Score)}")}";

        public override Result<SetMembership> Of(Origin origin) => (Matches(Fit, origin), Score is null ? null : (bool?)Matches(Score, origin)) switch
        {
            (true, true) => new Fault("evaluate.both_sets", $"key '{origin.Key}' is in fit.keys and in score.keys; expected it in one of them"),
            var (fit, score) => new SetMembership(fit, score ?? !fit),
        };

        private static bool Matches(IReadOnlyList<string> patterns, Origin origin) => patterns.Any(pattern =>
            FileSystemName.MatchesSimpleExpression(
                pattern, pattern.Contains(':') ? $"{Path.GetFileName(origin.Shard)}:{origin.Key}" : origin.Key, ignoreCase: false));

        private static string Listed(IReadOnlyList<string> patterns) => string.Join(", ", patterns.Select(p => $"'{p}'"));
    }
}
