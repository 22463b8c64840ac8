namespace InMARS.Pipeline.Sweeps;

/// <summary>One figure over several seeds.</summary>
/// <param name="Values">Finite; one or more, in the order of the seeds.</param>
public sealed record Spread(IReadOnlyList<KeyValuePair<long, double>> Values)
{
    public double Mean => Values.Average(v => v.Value);

    /// <summary>Standard deviation of the sample, with n - 1; null for one value, which has none.</summary>
    public double? Deviation => Values.Count < 2
        ? null
        : Math.Sqrt(Values.Sum(v => (v.Value - Mean) * (v.Value - Mean)) / (Values.Count - 1));
}
