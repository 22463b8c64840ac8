namespace InMARS.Stages.Baselines;

/// <summary>Points to cluster.</summary>
/// <param name="Values"><c>[Count, Dimensions]</c>, row major, finite.</param>
/// <param name="Weights">How much each point counts, <c>[Count]</c>, 0 or more.</param>
public sealed record WeightedPoints(float[] Values, float[] Weights, int Dimensions)
{
    public int Count => Weights.Length;

    public ReadOnlySpan<float> this[int i] => Values.AsSpan(i * Dimensions, Dimensions);
}
