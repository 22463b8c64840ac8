namespace InMARS.Stages.Synthesis;

/// <summary>One region of a scene: where it lies, what colour it has, and which texture lies on it.</summary>
/// <param name="Hue">0 to 1.</param>
/// <param name="Contrast">Standard deviation of the brightness, as a share of its mean.</param>
/// <param name="Scale">Factor of the texture's wavelength.</param>
/// <param name="Angle">Tilt of the texture, radians.</param>
internal sealed record SceneRegion(
    double X, double Y, int Class, double Hue, double Saturation, double Contrast, double Scale, double Angle, double Phase)
{
    private const double MeanValue = 118;
    private const double SensorNoise = 8;
    private const double StripeLength = 5.5;
    private const double SpotLength = 11;
    private readonly (double Cos, double Sin) _turn = (Math.Cos(Angle), Math.Sin(Angle));
    private readonly double[] _tints = [.. Enumerable.Range(0, 3).Select(band => 1 + Saturation * Math.Cos(Math.Tau * (Hue - band / 3.0)))];

    public static SceneRegion Draw(Random random, double x, double y, int label, SceneOptions options)
    {
        var hue = random.NextDouble();
        return new SceneRegion(
            x,
            y,
            label,
            Hue: random.NextDouble() < options.ColourHint ? (label + 0.2 * hue) / 3 : hue,
            Saturation: 0.12 + 0.2 * random.NextDouble(),
            Contrast: 0.22 + 0.08 * random.NextDouble(),
            Scale: 0.9 + 0.2 * random.NextDouble(),
            Angle: (random.NextDouble() - 0.5) * options.Tilt * Math.PI / 90,
            Phase: random.NextDouble() * Math.Tau);
    }

    public double SquaredDistance(double x, double y) => (X - x) * (X - x) + (Y - y) * (Y - y);

    /// <summary>Relative change of brightness at a pixel; zero on average.</summary>
    /// <param name="grain">A draw of zero mean and unit variance.</param>
    public double Texture(double x, double y, double grain)
    {
        var along = (x * _turn.Cos + y * _turn.Sin) / Scale;
        var across = (y * _turn.Cos - x * _turn.Sin) / Scale;
        return Contrast * Class switch
        {
            0 => Math.Sqrt(2) * Math.Sin(across * Math.Tau / StripeLength + Phase),
            1 => 2 * Math.Cos(along * Math.Tau / SpotLength + Phase) * Math.Cos(across * Math.Tau / SpotLength + Phase),
            _ => grain,
        };
    }

    /// <summary>Writes red, green and blue.</summary>
    /// <param name="noise">A draw from -0.5 to 0.5.</param>
    public void Paint(double brightness, double noise, Span<byte> rgb)
    {
        for (var band = 0; band < 3; band++)
        {
            rgb[band] = (byte)Math.Clamp(Math.Round(MeanValue * _tints[band] * brightness + SensorNoise * noise), 0, 255);
        }
    }
}
