namespace InMARS.Stages.Baselines;

/// <summary>What k-means found.</summary>
/// <param name="Values">Centres, <c>[K, Dimensions]</c>, row major.</param>
/// <param name="Inertia">Sum of weight times squared distance to the nearest centre, over the points it was fitted to.</param>
public sealed record Centres(float[] Values, int Dimensions, double Inertia)
{
    /// <summary>K.</summary>
    public int Count => Values.Length / Dimensions;

    /// <summary>The centre nearest to a point of <see cref="Dimensions"/> values; the first of several that are equally near.</summary>
    public int Nearest(ReadOnlySpan<float> point) => Nearest(point, out _);

    internal int Nearest(ReadOnlySpan<float> point, out double squaredDistance)
    {
        var nearest = 0;
        squaredDistance = double.MaxValue;
        for (var (k, at) = (0, 0); at < Values.Length; k++, at += point.Length)
        {
            var distance = SquaredDistance(point, Values.AsSpan(at, point.Length));
            if (distance < squaredDistance)
            {
                (nearest, squaredDistance) = (k, distance);
            }
        }

        return nearest;
    }

    private static double SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var d = 0; d < a.Length; d++)
        {
            var difference = (double)a[d] - b[d];
            sum += difference * difference;
        }

        return sum;
    }
}
