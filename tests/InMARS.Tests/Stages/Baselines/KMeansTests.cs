using CsCheck;
using InMARS.Stages.Baselines;

namespace InMARS.Tests.Stages.Baselines;

public class KMeansTests
{
    [Fact]
    public void Fit_finds_three_separated_blobs_whatever_the_seed() =>
        Gen.Int.Sample(
            seed =>
            {
                var centres = KMeans.Fit(Blobs((0, 0), (10, 0), (0, 10)), new KMeansOptions(3), seed);
                (float X, float Y)[] expected = [(0, 0), (0, 10), (10, 0)];
                return Enumerable.Range(0, 3)
                    .Select(k => (X: centres.Values[2 * k], Y: centres.Values[2 * k + 1]))
                    .OrderBy(c => MathF.Round(c.X)).ThenBy(c => c.Y)
                    .Zip(expected, (c, e) => MathF.Abs(c.X - e.X) + MathF.Abs(c.Y - e.Y))
                    .All(d => d < 0.5);
            },
            iter: 50);

    [Fact]
    public void Fit_gives_the_same_centres_for_the_same_seed()
    {
        var points = Blobs((0, 0), (3, 1), (1, 4), (2, 2));

        Assert.Equal(
            KMeans.Fit(points, new KMeansOptions(5, Restarts: 2), seed: 9).Values,
            KMeans.Fit(points, new KMeansOptions(5, Restarts: 2), seed: 9).Values);
    }

    [Fact]
    public void Fit_with_one_cluster_is_the_weighted_mean()
    {
        var centres = KMeans.Fit(new WeightedPoints([0, 10], [3, 1], 1), new KMeansOptions(1), seed: 1);

        Assert.Equal([2.5f], centres.Values);
        Assert.Equal(3 * 2.5 * 2.5 + 7.5 * 7.5, centres.Inertia, 1e-9);
    }

    [Fact]
    public void Fit_with_more_clusters_than_points_puts_a_centre_on_each()
    {
        var centres = KMeans.Fit(new WeightedPoints([1, 5], [1, 1], 1), new KMeansOptions(4), seed: 1);

        Assert.Equal([1f, 5f], centres.Values.Distinct().Order());
        Assert.Equal(0, centres.Inertia);
    }

    [Fact]
    public void Fit_gets_no_worse_by_more_rounds()
    {
        var points = Blobs((0, 0), (2, 1), (1, 2));

        var inertias = Enumerable.Range(1, 8).Select(n => KMeans.Fit(points, new KMeansOptions(4, Restarts: 1, Iterations: n), seed: 3).Inertia).ToList();

        Assert.Equal(inertias.OrderDescending(), inertias);
    }

    private static WeightedPoints Blobs(params (float X, float Y)[] middles)
    {
        var random = new Random(1);
        var values = middles.SelectMany(m => Enumerable.Range(0, 40).SelectMany(_ => new[] { m.X + Spread(random), m.Y + Spread(random) })).ToArray();
        return new WeightedPoints(values, [.. Enumerable.Repeat(1f, values.Length / 2)], 2);
    }

    private static float Spread(Random random) => random.NextSingle() + random.NextSingle() - 1;
}
