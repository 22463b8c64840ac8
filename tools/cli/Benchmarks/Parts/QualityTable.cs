using System.Globalization;
using InMARS.Stages.Superpixels.Quality;

namespace InMARS.Cli.Benchmarks.Parts;

/// <summary>Quality of superpixels as rows of a Markdown table.</summary>
internal static class QualityTable
{
    public const string Head = "| superpixels | count, mean | boundary recall | undersegmentation error | achievable accuracy | compactness |\n|---|---|---|---|---|---|";

    public static string Row(string name, IReadOnlyCollection<SuperpixelQuality> images)
    {
        var q = SuperpixelQuality.Mean(images);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {q.Count:0.0} | {q.BoundaryRecall:0.0000} | {q.UndersegmentationError:0.0000} | {q.AchievableAccuracy:0.0000} | {q.Compactness:0.000} |");
    }
}
