namespace InMARS.Stages.Baselines;

/// <summary>k-means with weights: Lloyd's iterations from k-means++ starts.</summary>
/// <remarks>Lloyd 1982; Arthur and Vassilvitskii, SODA 2007. The same points, options and seed give the same centres.</remarks>
public static class KMeans
{
    /// <summary>Finds the centres.</summary>
    /// <param name="points">At least one.</param>
    public static Centres Fit(WeightedPoints points, KMeansOptions options, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfZero(points.Count);
        var random = new Random(seed);
        return Enumerable.Range(0, options.Restarts)
            .Select(_ => Descend(points, Start(points, options.Clusters, random), options.Iterations))
            .ToList()
            .MinBy(centres => centres.Inertia)!;
    }

    private static Centres Start(WeightedPoints points, int clusters, Random random)
    {
        var values = new float[clusters * points.Dimensions];
        var distances = new double[points.Count];
        var chances = points.Weights.Select(w => (double)w).ToArray();
        Array.Fill(distances, double.MaxValue);
        for (var k = 0; k < clusters; k++)
        {
            var chosen = new Centres(points[Draw(chances, random)].ToArray(), points.Dimensions, 0);
            chosen.Values.CopyTo(values.AsSpan(k * points.Dimensions));
            for (var i = 0; i < chances.Length; i++)
            {
                _ = chosen.Nearest(points[i], out var distance);
                distances[i] = Math.Min(distances[i], distance);
                chances[i] = points.Weights[i] * distances[i];
            }
        }

        return new Centres(values, points.Dimensions, double.MaxValue);
    }

    private static int Draw(double[] chances, Random random)
    {
        var left = random.NextDouble() * chances.Sum();
        for (var i = 0; i < chances.Length; i++)
        {
            left -= chances[i];
            if (left < 0)
            {
                return i;
            }
        }

        return random.Next(chances.Length);
    }

    private static Centres Descend(WeightedPoints points, Centres centres, int iterations)
    {
        var clusterOf = new int[points.Count];
        Array.Fill(clusterOf, -1);
        for (var i = 0; i < iterations && Assign(points, centres, clusterOf) is (true, _); i++)
        {
            centres = Means(points, clusterOf, centres);
        }

        return centres with { Inertia = Assign(points, centres, clusterOf).Inertia };
    }

    private static (bool Moved, double Inertia) Assign(WeightedPoints points, Centres centres, int[] clusterOf)
    {
        var (moved, inertia) = (false, 0.0);
        for (var i = 0; i < points.Count; i++)
        {
            var nearest = centres.Nearest(points[i], out var distance);
            moved |= nearest != clusterOf[i];
            clusterOf[i] = nearest;
            inertia += points.Weights[i] * distance;
        }

        return (moved, inertia);
    }

    /// <summary>Weighted means; a centre that has lost all its points stays where it is.</summary>
    private static Centres Means(WeightedPoints points, int[] clusterOf, Centres old)
    {
        var sums = new double[old.Values.Length];
        var weights = new double[old.Count];
        for (var i = 0; i < points.Count; i++)
        {
            weights[clusterOf[i]] += points.Weights[i];
            for (var d = 0; d < points.Dimensions; d++)
            {
                sums[clusterOf[i] * points.Dimensions + d] += points.Weights[i] * (double)points[i][d];
            }
        }

        return old with { Values = [.. sums.Select((sum, i) => weights[i / old.Dimensions] is > 0 and var w ? (float)(sum / w) : old.Values[i])] };
    }
}
