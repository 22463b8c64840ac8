using InMARS.Stages.Synthesis;

namespace InMARS.Tests.Stages.Synthesis;

public class SyntheticScenesTests
{
    private static readonly SceneOptions Small = new(Width: 64, Height: 48);

    [Fact]
    public void Make_gives_the_same_scene_for_the_same_seed()
    {
        var (a, b) = (SyntheticScenes.Make(5, Small), SyntheticScenes.Make(5, Small));

        Assert.Equal(a.Pixels, b.Pixels);
        Assert.Equal(a.Classes, b.Classes);
    }

    [Fact]
    public void Make_gives_another_scene_for_another_seed() =>
        Assert.NotEqual(SyntheticScenes.Make(5, Small).Pixels, SyntheticScenes.Make(6, Small).Pixels);

    [Theory]
    [InlineData(1.0, 1.0, 1.0)]
    [InlineData(0.7, 0.15, 0.15)]
    [InlineData(1.0, 0.0, 3.0)]
    public void Make_keeps_near_the_shares_asked_for(double first, double second, double third)
    {
        double[] asked = [first, second, third];
        var options = Small with { Shares = asked };

        var counts = Enumerable.Range(0, 300)
            .SelectMany(seed => SyntheticScenes.Make((ulong)seed, options).Classes)
            .CountBy(c => (int)c)
            .ToDictionary();

        Assert.All(Enumerable.Range(0, 3), k => Assert.Equal(asked[k] / asked.Sum(), counts.GetValueOrDefault(k) / (300.0 * 64 * 48), 0.05));
    }

    [Theory]
    [InlineData(15, false)]
    [InlineData(SceneOptions.AnyTilt, true)]
    public void Make_turns_stripes_by_any_angle_only_when_asked(double tilt, bool any)
    {
        var options = Small with { Shares = [1, 0, 0], Regions = 1, Tilt = tilt };

        var upright = Enumerable.Range(0, 300).Count(seed => ChangesMoreAcross(SyntheticScenes.Make((ulong)seed, options)));

        Assert.InRange(upright, any ? 110 : 0, any ? 190 : 0);
    }

    [Fact]
    public void Make_lets_light_fall_from_all_sides()
    {
        var options = Small with { Shares = [0, 0, 1] };
        var sides = Enumerable.Range(0, 300).Select(seed => Brightest(SyntheticScenes.Make((ulong)seed, options))).CountBy(side => side).ToDictionary();

        Assert.All(Enumerable.Range(0, 4), side => Assert.InRange(sides.GetValueOrDefault(side), 45, 105));
    }

    [Theory]
    [InlineData("expected 3 shares (stripes, spots, grain), found 2", 0.5, 0.5)]
    [InlineData("expected shares of 0 or more, found -1", 2.0, -1.0, 0.0)]
    [InlineData("expected shares of 0 or more, found NaN", 2.0, double.NaN, 0.0)]
    [InlineData("expected at least one share above 0, found none", 0.0, 0.0, 0.0)]
    public void Shares_that_make_no_sense_are_refused(string problem, params double[] shares)
    {
        var options = Small with { Shares = shares };

        Assert.Equal(problem, options.Problem);
        Assert.StartsWith(problem, Assert.Throws<ArgumentException>(() => SyntheticScenes.Make(1, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_their_ranges_are_refused()
    {
        Assert.Equal("expected scenes of 16 x 16 or more, found 64 x 15", (Small with { Height = 15 }).Problem);
        Assert.Equal("expected 1 region or more, found 0", (Small with { Regions = 0 }).Problem);
        Assert.Equal("expected a colour hint of 0 to 1, found 1.5", (Small with { ColourHint = 1.5 }).Problem);
        Assert.Equal("expected a tilt of 0 to 90 degrees, found 91", (Small with { Tilt = 91 }).Problem);
        Assert.Null(Small.Problem);
    }

    [Fact]
    public void Make_gives_every_class_the_same_mean_brightness()
    {
        var (sums, counts) = (new double[3], new double[3]);
        for (var seed = 0; seed < 150; seed++)
        {
            var scene = SyntheticScenes.Make((ulong)seed, Small);
            for (var i = 0; i < scene.Classes.Length; i++)
            {
                sums[scene.Classes[i]] += (scene.Pixels[3 * i] + scene.Pixels[3 * i + 1] + scene.Pixels[3 * i + 2]) / 3.0;
                counts[scene.Classes[i]]++;
            }
        }

        var means = sums.Zip(counts, (sum, count) => sum / count).ToList();

        Assert.True(means.Max() - means.Min() < 8, string.Join(", ", means));
    }

    /// <summary>Whether brightness changes more along rows than along columns: stripes that stand rather than lie.</summary>
    private static bool ChangesMoreAcross(SyntheticScene scene)
    {
        var (across, down) = (0, 0);
        for (var i = 0; i < scene.Classes.Length - scene.Width - 1; i++)
        {
            across += Math.Abs(Grey(scene, i + 1) - Grey(scene, i));
            down += Math.Abs(Grey(scene, i + scene.Width) - Grey(scene, i));
        }

        return across > down;
    }

    /// <summary>The side that light comes from: 0 left, 1 right, 2 top, 3 bottom.</summary>
    private static int Brightest(SyntheticScene scene)
    {
        var (x, y) = (0.0, 0.0);
        for (var i = 0; i < scene.Classes.Length; i++)
        {
            x += Grey(scene, i) * (2.0 * (i % scene.Width) / scene.Width - 1);
            y += Grey(scene, i) * (2.0 * (i / scene.Width) / scene.Height - 1);
        }

        return Math.Abs(x) > Math.Abs(y) ? (x < 0 ? 0 : 1) : (y < 0 ? 2 : 3);
    }

    private static int Grey(SyntheticScene scene, int pixel) => scene.Pixels[3 * pixel] + scene.Pixels[3 * pixel + 1] + scene.Pixels[3 * pixel + 2];
}
