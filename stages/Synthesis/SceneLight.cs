namespace InMARS.Stages.Synthesis;

/// <summary>Light that differs from scene to scene and falls off across each.</summary>
internal sealed record SceneLight(double Level, double AcrossX, double AcrossY)
{
    private const double FallOff = 0.35;

    public static SceneLight Draw(Random random)
    {
        var direction = random.NextDouble() * Math.Tau;
        var level = 0.65 + 0.6 * random.NextDouble();
        return new SceneLight(level, FallOff * Math.Cos(direction), FallOff * Math.Sin(direction));
    }

    /// <summary>Factor of brightness at a place whose coordinates run from 0 to 1.</summary>
    public double At(double x, double y) => Level * (1 + AcrossX * (2 * x - 1) + AcrossY * (2 * y - 1));
}
