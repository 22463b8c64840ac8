using InMARS.Pipeline.Graphs;

namespace InMARS.Stages.Synthesis;

/// <summary>
/// Scenes of wavy regions, each a class of texture: stripes, spots or grain. All classes have the same mean colours and
/// the same contrast, light falls unevenly, and the hue of a region tells next to nothing; so colour alone fails where
/// texture succeeds.
/// </summary>
public static class SyntheticScenes
{
    private const double WaveLength = 42;
    private const double WaveHeight = 5;

    /// <summary>Names of the classes, in the order of their ids.</summary>
    public static IReadOnlyList<string> Classes { get; } = ["stripes", "spots", "grain"];

    /// <summary>Makes one scene; the same seed and options make the same scene.</summary>
    /// <exception cref="ArgumentException">The options have a <see cref="SceneOptions.Problem"/>.</exception>
    public static SyntheticScene Make(ulong seed, SceneOptions options)
    {
        if (options.Problem is { } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }

        var random = new Random((int)Seeds.Mix(seed));
        var regions = Regions(random, options);
        var wave = (X: random.NextDouble() * Math.Tau, Y: random.NextDouble() * Math.Tau);
        var light = SceneLight.Draw(random);
        var grain = Grain(random, options.Height, options.Width);
        var scene = new SyntheticScene(
            options.Height, options.Width, new byte[options.Height * options.Width * 3], new byte[options.Height * options.Width]);
        var (shiftOfRow, shiftOfColumn) = (Shifts(options.Height, wave.X), Shifts(options.Width, wave.Y));
        for (var i = 0; i < scene.Classes.Length; i++)
        {
            var (x, y) = (i % options.Width, i / options.Width);
            var bent = (X: x + shiftOfRow[y], Y: y + shiftOfColumn[x]);
            var region = Nearest(regions, bent.X, bent.Y);
            var brightness = light.At((double)x / options.Width, (double)y / options.Height) * (1 + region.Texture(x, y, grain[i]));
            scene.Classes[i] = (byte)region.Class;
            region.Paint(brightness, random.NextDouble() - 0.5, scene.Pixels.AsSpan(3 * i, 3));
        }

        return scene;
    }

    private static double[] Shifts(int length, double phase) => [.. Enumerable.Range(0, length).Select(i => WaveHeight * Math.Sin(i * Math.Tau / WaveLength + phase))];

    private static SceneRegion Nearest(List<SceneRegion> regions, double x, double y)
    {
        var (nearest, least) = (regions[0], double.PositiveInfinity);
        foreach (var region in regions)
        {
            var distance = region.SquaredDistance(x, y);
            (nearest, least) = distance < least ? (region, distance) : (nearest, least);
        }

        return nearest;
    }

    private static List<SceneRegion> Regions(Random random, SceneOptions options)
    {
        var regions = new List<SceneRegion>();
        while (regions.Count < options.Regions)
        {
            var (x, y) = FreePlace(random, options, regions);
            regions.Add(SceneRegion.Draw(random, x, y, DrawClass(random, options.Shares), options));
        }

        return regions;
    }

    // Mitchell's best candidate: keeps regions from becoming slivers.
    private static (double X, double Y) FreePlace(Random random, SceneOptions options, List<SceneRegion> taken) =>
        Enumerable.Range(0, 6)
            .Select(_ => (X: random.NextDouble() * options.Width, Y: random.NextDouble() * options.Height))
            .ToList()
            .MaxBy(p => taken.Select(r => r.SquaredDistance(p.X, p.Y)).DefaultIfEmpty(0).Min());

    private static int DrawClass(Random random, IReadOnlyList<double>? shares)
    {
        var weights = shares ?? [1, 1, 1];
        var left = random.NextDouble() * weights.Sum();
        for (var k = 0; k < weights.Count - 1; k++)
        {
            left -= weights[k];
            if (left < 0)
            {
                return k;
            }
        }

        return weights.Count - 1;
    }

    /// <summary>Noise of zero mean and unit variance whose grains are about two pixels wide, <c>[height, width]</c>.</summary>
    private static double[] Grain(Random random, int height, int width)
    {
        var white = new double[(height + 1) * (width + 1)];
        for (var i = 0; i < white.Length; i++)
        {
            white[i] = Math.Sqrt(12) * (random.NextDouble() - 0.5);
        }

        var grain = new double[height * width];
        for (var i = 0; i < grain.Length; i++)
        {
            var at = i / width * (width + 1) + i % width;
            grain[i] = (white[at] + white[at + 1] + white[at + width + 1] + white[at + width + 2]) / 2;
        }

        return grain;
    }
}
