using System.Text.Json.Nodes;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Learning;

/// <summary>What a learner says at the end of its flow.</summary>
internal static class LearningReport
{
    /// <param name="stage">The learner's name.</param>
    /// <param name="recent">The last steps; at least one.</param>
    /// <param name="shares">Share of the superpixel area of each cluster.</param>
    public static StageReport Of(
        string stage, IReadOnlyCollection<TrainingReport> recent, long steps, IReadOnlyList<double> shares)
    {
        var information = recent.Average(r => r.MutualInformation);
        return new StageReport(
            stage,
            [
                new("steps", steps),
                new("loss", recent.Average(r => r.Loss)),
                new("mutual_information", information),
                new("mutual_information_share", information / Math.Log(shares.Count)),
                .. Divergences(recent).Where(d => d.Value > 0),
            ],
            [],
            new JsonObject
            {
                ["clusters"] = shares.Count,
                ["marginal_entropy"] = recent.Average(r => r.MarginalEntropy),
                ["conditional_entropy"] = recent.Average(r => r.ConditionalEntropy),
                ["strength"] = recent.Average(r => r.Strength),
                ["flipped_by_noise"] = recent.Average(r => r.FlippedByNoise),
                ["flipped_by_space"] = recent.Average(r => r.FlippedBySpace),
                ["flipped_by_both"] = recent.Average(r => r.FlippedByBoth),
                ["cluster_shares"] = new JsonArray([.. shares.Select(s => JsonValue.Create(s))]),
            });
    }

    /// <summary>Under the perturbations that took part.</summary>
    private static IEnumerable<KeyValuePair<string, double>> Divergences(IReadOnlyCollection<TrainingReport> recent) =>
    [
        new("photometric", recent.Average(r => r.Photometric)),
        new("spatial", recent.Average(r => r.Spatial)),
        new("composed", recent.Average(r => r.Composed)),
    ];
}
