using InMARS.Stages.Baselines;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Images;
using InMARS.Stages.Superpixels;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Synthesis;

public class TextureTests
{
    [Fact]
    public void Gradients_tell_the_classes_apart_without_labels()
    {
        var scenes = Enumerable.Range(0, 20).Select(seed => SyntheticTiles.Cut((ulong)seed)).ToList();
        var features = scenes.Select(Gradients).ToList();
        var points = features.SelectMany(f => f).ToArray();
        var centres = KMeans.Fit(new WeightedPoints(points, [.. Enumerable.Repeat(1f, points.Length / 2)], 2), new KMeansOptions(3), seed: 1);

        var counts = new ConfusionMatrix(3, 3);
        foreach (var (scene, feature) in scenes.Zip(features))
        {
            var clusterOf = Enumerable.Range(0, scene.Count).Select(s => (ushort)centres.Nearest(feature.AsSpan(2 * s, 2))).ToArray();
            counts.Add(Array.ConvertAll(scene.Labels, s => clusterOf[s]), scene.Image.Truth!.Ids);
        }

        Assert.InRange(Scores.Of(counts).OneToOne.Accuracy, 0.8, 1);
    }

    /// <summary>Share of vertical in all change, and of change over three pixels in that over one and three, per superpixel.</summary>
    private static float[] Gradients(SuperpixelMap map)
    {
        var sums = new double[map.Count * 3];
        var (h, w) = (map.Image.Height, map.Image.Width);
        for (var i = 0; i < map.Labels.Length; i++)
        {
            var (x, y) = (Math.Clamp(i % w, 0, w - 4), Math.Clamp(i / w, 0, h - 4));
            sums[3 * map.Labels[i]] += 1e-3 + Math.Abs(Grey(map.Image, x + 1, y) - Grey(map.Image, x, y));
            sums[3 * map.Labels[i] + 1] += 1e-3 + Math.Abs(Grey(map.Image, x, y + 1) - Grey(map.Image, x, y));
            sums[3 * map.Labels[i] + 2] += 1e-3 + Math.Abs(Grey(map.Image, x + 3, y) - Grey(map.Image, x, y));
        }

        return [.. Enumerable.Range(0, map.Count).SelectMany(s => new[] { Share(sums, 3 * s + 1, 3 * s), Share(sums, 3 * s + 2, 3 * s) })];
    }

    private static float Share(double[] sums, int of, int beside) => (float)(sums[of] / (sums[of] + sums[beside]));

    private static double Grey(RgbImage image, int x, int y) => image.Pixels.AsSpan(3 * (y * image.Width + x), 3) is var p ? (p[0] + p[1] + p[2]) / 3.0 : 0;
}
