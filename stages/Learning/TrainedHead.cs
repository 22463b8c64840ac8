namespace InMARS.Stages.Learning;

/// <summary>One head of a network in training, as a range of the scores that <see cref="Segmenter.Train"/> gives.</summary>
/// <param name="Weight">Weight of its loss; 1 for the head that segments.</param>
internal sealed record TrainedHead(int First, int Count, double Weight)
{
    /// <summary>The heads of K clusters, and behind them the one with more clusters where there is one.</summary>
    /// <param name="heads">Heads of K clusters.</param>
    public static IReadOnlyList<TrainedHead> Of(TrainingOptions options, int heads = 1)
    {
        var over = options.Overclustering;
        var main = Enumerable.Range(0, heads).Select(h => new TrainedHead(h * options.Clusters, options.Clusters, 1));
        return over.Clusters == 0 ? [.. main] : [.. main, new TrainedHead(heads * options.Clusters, over.Clusters, over.Weight)];
    }
}
