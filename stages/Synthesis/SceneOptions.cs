namespace InMARS.Stages.Synthesis;

/// <summary>What synthetic scenes look like.</summary>
/// <param name="Width">Pixels, 16 or more.</param>
/// <param name="Height">Pixels, 16 or more.</param>
/// <param name="Regions">Regions of one texture each in a scene, 1 or more.</param>
/// <param name="Shares">
/// Share of the pixels of each of the <see cref="SyntheticScenes.Classes"/>, up to a factor, kept on average over many
/// scenes; null for equal ones.
/// </param>
/// <param name="ColourHint">Share of the regions whose hue follows from their class, 0 to 1; the rest draw theirs from all hues.</param>
/// <param name="Tilt">Textures are turned by up to so many degrees either way, 0 to 90; at 90 no direction is upright.</param>
public sealed record SceneOptions(
    int Width = 128, int Height = 96, int Regions = 6, IReadOnlyList<double>? Shares = null, double ColourHint = 0.15, double Tilt = 15)
{
    private const int Smallest = 16;

    /// <summary>Turns textures by any angle, as a view from above does.</summary>
    public const double AnyTilt = 90;

    /// <summary>What is wrong with the options, in one sentence; null where nothing is.</summary>
    public string? Problem => this switch
    {
        { Width: < Smallest } or { Height: < Smallest } => $"expected scenes of {Smallest} x {Smallest} or more, found {Width} x {Height}",
        { Regions: < 1 } => $"expected 1 region or more, found {Regions}",
        { ColourHint: not (>= 0 and <= 1) } => $"expected a colour hint of 0 to 1, found {ColourHint}",
        { Tilt: not (>= 0 and <= AnyTilt) } => $"expected a tilt of 0 to {AnyTilt} degrees, found {Tilt}",
        { Shares: { } shares } => ProblemOf(shares),
        _ => null,
    };

    private static string? ProblemOf(IReadOnlyList<double> shares)
    {
        var classes = SyntheticScenes.Classes;
        return shares.Count != classes.Count ? $"expected {classes.Count} shares ({string.Join(", ", classes)}), found {shares.Count}"
            : shares.Where(s => !double.IsFinite(s) || s < 0).Select(s => (double?)s).FirstOrDefault() is { } bad ? $"expected shares of 0 or more, found {bad}"
            : shares.Sum() is not > 0 ? "expected at least one share above 0, found none"
            : null;
    }
}
