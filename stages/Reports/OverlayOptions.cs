namespace InMARS.Stages.Reports;

/// <summary>How overlays are drawn.</summary>
/// <param name="Folder">Folder below the run directory.</param>
/// <param name="Alpha">Weight of the colours over the image, 0 to 1.</param>
/// <param name="Limit">Images to draw, from the first on.</param>
/// <param name="Boundaries">Whether the borders between clusters are drawn as lines.</param>
public sealed record OverlayOptions(string Folder = "overlays", double Alpha = 0.5, int Limit = 32, bool Boundaries = true)
{
    /// <summary>Path of the legend whose colours are used; null for that of the prediction's model.</summary>
    public string? Legend { get; init; }
}
