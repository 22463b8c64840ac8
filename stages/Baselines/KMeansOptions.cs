namespace InMARS.Stages.Baselines;

/// <summary>How k-means searches.</summary>
/// <param name="Clusters">Number of centres, 1 or more.</param>
/// <param name="Restarts">Searches from different starts, of which the best is kept, 1 or more.</param>
/// <param name="Iterations">Rounds of each search at most, 1 or more; it ends sooner when no point moves.</param>
public sealed record KMeansOptions(int Clusters, int Restarts = 4, int Iterations = 50);
