using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;
using InMARS.Stages.Reports;

namespace InMARS.Stages.Evaluation;

/// <summary>A segmented image: a cluster for each pixel, with what is needed to show and to score it.</summary>
/// <param name="Clusters">Cluster of each pixel, <c>[Height, Width]</c>, row major, in <c>[0, ClusterCount)</c>.</param>
/// <param name="Image">The image that was segmented, of the same size, where it is at hand.</param>
/// <param name="Truth">Classes of the same pixels, where they are known.</param>
/// <param name="ResizeRule">How prediction and truth came to one size, in words, where that was done to score them.</param>
public sealed record Prediction(
    Origin Origin, int Height, int Width, int ClusterCount, ushort[] Clusters, RgbImage? Image = null, LabelMap? Truth = null, string? ResizeRule = null)
{
    /// <summary>Names and colours of the clusters where their model has some.</summary>
    public ClusterLegend? Legend { get; init; }
}
