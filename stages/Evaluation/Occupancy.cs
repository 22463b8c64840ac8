namespace InMARS.Stages.Evaluation;

/// <summary>How the pixels spread over the clusters: all that can be said without labels.</summary>
/// <param name="Pixels">Pixels of each cluster.</param>
public sealed record Occupancy(IReadOnlyList<long> Pixels)
{
    /// <summary>Pixels of all clusters.</summary>
    public long Total { get; } = Pixels.Sum();

    /// <summary>Share of the pixels that each cluster has; 0 where there are none.</summary>
    public IReadOnlyList<double> Shares { get; } = SharesOf(Pixels);

    /// <summary>
    /// Entropy of the shares over ln K: 1 where all clusters are equally large, 0 where one has everything or there is
    /// only one; NaN without pixels.
    /// </summary>
    /// <remarks>For hard clusters, H(Y|X) is 0 and this is the mutual information of pixel and cluster over its greatest value.</remarks>
    public double Evenness => Total == 0 ? double.NaN : Pixels.Count < 2 ? 0 : Entropy / Math.Log(Pixels.Count);

    /// <summary>The cluster that has more than <paramref name="share"/> of the pixels, if one has.</summary>
    public int? Dominant(double share)
    {
        var largest = Enumerable.Range(0, Pixels.Count).DefaultIfEmpty(-1).MaxBy(c => c < 0 ? 0 : Pixels[c]);
        return largest >= 0 && Shares[largest] > share ? largest : null;
    }

    private static double[] SharesOf(IReadOnlyList<long> pixels)
    {
        var total = Math.Max(1, pixels.Sum());
        return [.. pixels.Select(n => (double)n / total)];
    }

    private double Entropy => -Shares.Where(p => p > 0).Sum(p => p * Math.Log(p));
}
