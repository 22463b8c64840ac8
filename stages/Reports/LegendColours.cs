using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Evaluation;

namespace InMARS.Stages.Reports;

/// <summary>The colours of predictions: of a legend that was named, of that of their model, or of the palette.</summary>
internal sealed class LegendColours(ClusterLegend? named, string path)
{
    /// <param name="path">Of a legend; null where none is named.</param>
    /// <exception cref="RunException">It is not there or is no legend.</exception>
    public static LegendColours Open(string? path) => new(path is null ? null : ClusterLegend.Load(path), path ?? "");

    /// <summary>Red, green, blue of each cluster.</summary>
    /// <exception cref="RunException">The named legend has another number of clusters.</exception>
    public byte[] Of(Prediction prediction) => Edited(prediction)?.Rgb ?? Palette.Rgb(prediction.ClusterCount);

    /// <summary>The legend, where someone chose its colours.</summary>
    /// <exception cref="RunException">The named legend has another number of clusters.</exception>
    public ClusterLegend? Edited(Prediction prediction) => named?.Of(prediction.ClusterCount, path) ?? (prediction.Legend is { IsDefault: false } own ? own : null);
}
