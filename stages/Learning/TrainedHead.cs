namespace InMARS.Stages.Learning;

/// <summary>One head of a network in training, as a range of the scores that <see cref="Segmenter.Train"/> gives.</summary>
/// <param name="Weight">Weight of its loss; 1 for the head that segments.</param>
internal sealed record TrainedHead(int First, int Count, double Weight)
{
    /// <summary>The head that segments, and behind it the one with more clusters where there is one.</summary>
    public static IReadOnlyList<TrainedHead> Of(TrainingOptions options)
    {
        var main = new TrainedHead(0, options.Clusters, 1);
        var over = options.Overclustering;
        return over.Clusters == 0 ? [main] : [main, new TrainedHead(options.Clusters, over.Clusters, over.Weight)];
    }
}
