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
    public void Make_keeps_near_the_shares_asked_for(double first, double second, double third)
    {
        double[] asked = [first, second, third];
        var options = Small with { Shares = asked };

        var counts = Enumerable.Range(0, 150)
            .SelectMany(seed => SyntheticScenes.Make((ulong)seed, options).Classes)
            .CountBy(c => (int)c)
            .ToDictionary();

        Assert.All(Enumerable.Range(0, 3), k => Assert.Equal(asked[k] / asked.Sum(), counts[k] / (150.0 * 64 * 48), 0.06));
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
}
