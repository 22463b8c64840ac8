namespace InMARS.Stages.Evaluation;

/// <summary>How well clusters found without labels agree with classes, over a whole set of images at once.</summary>
/// <param name="OneToOne">
/// Each class has one cluster at most, and each cluster one class: the pairs that give the highest accuracy (IIC,
/// Ji et al. 2019). Where clusters are more than classes, the pixels of the surplus are errors.
/// </param>
/// <param name="Majority">Each cluster stands for the class most of its pixels have; flatters many clusters.</param>
public sealed record Scores(MappedScores OneToOne, MappedScores Majority)
{
    /// <summary>Scores counts by the assignment that is best for them.</summary>
    public static Scores Of(ConfusionMatrix counts) => Of(counts, counts);

    /// <summary>Scores counts by the assignment that is best for others.</summary>
    /// <param name="fit">What clusters are assigned on.</param>
    /// <param name="counts">What is scored; as many clusters and classes as <paramref name="fit"/>.</param>
    public static Scores Of(ConfusionMatrix fit, ConfusionMatrix counts) => new(
        MappedScores.Of(counts, Hungarian.Assign(fit.ToArray())),
        MappedScores.Of(counts, [.. Enumerable.Range(0, fit.Clusters).Select(c => MostFrequent(fit, c))]));

    private static int? MostFrequent(ConfusionMatrix counts, int cluster)
    {
        var best = Enumerable.Range(0, counts.Classes).DefaultIfEmpty(-1).MaxBy(k => k < 0 ? 0 : counts[cluster, k]);
        return best < 0 || counts[cluster, best] == 0 ? null : best;
    }
}
