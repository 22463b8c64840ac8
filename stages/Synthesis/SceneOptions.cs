namespace InMARS.Stages.Synthesis;

/// <summary>What synthetic scenes look like.</summary>
/// <param name="Width">Pixels, 16 or more.</param>
/// <param name="Height">Pixels, 16 or more.</param>
/// <param name="Regions">Regions of one texture each in a scene, 1 or more.</param>
/// <param name="Shares">How often each of the <see cref="SyntheticScenes.Classes"/> occurs, up to a factor; null for equally often.</param>
/// <param name="ColourHint">Share of the regions whose hue follows from their class, 0 to 1; the rest draw theirs from all hues.</param>
public sealed record SceneOptions(
    int Width = 128, int Height = 96, int Regions = 6, IReadOnlyList<double>? Shares = null, double ColourHint = 0.15);
