using InMARS.Cli.Benchmarks.Parts;
using InMARS.Cli.Display;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Superpixels.Quality;

namespace InMARS.Cli.Benchmarks;

/// <summary>The quality of superpixels that lie in a folder, by label maps of the same names.</summary>
internal static class SuperpixelScores
{
    /// <summary>Prints the table of the whole folder.</summary>
    /// <param name="ignore">Id of label maps that is not counted; null for none.</param>
    /// <exception cref="RunException">No map has a label map, or one cannot be read.</exception>
    public static int Print(string superpixels, string labels, int? ignore, Shell shell)
    {
        var truth = new Segmentations(labels, ignore);
        var (scores, without) = (new List<SuperpixelQuality>(), 0);
        foreach (var path in Directory.EnumerateFiles(superpixels, "*.png").Order(StringComparer.Ordinal))
        {
            shell.Interrupt.ThrowIfCancellationRequested();
            var (map, count, width) = Segmentations.ReadSuperpixels(path);
            if (truth.Measure(Path.GetFileNameWithoutExtension(path), map, count, width) is { } score)
            {
                scores.Add(score);
            }
            else
            {
                without++;
            }
        }

        if (scores.Count == 0)
        {
            throw new RunException($"no PNG of '{superpixels}' has a label map in '{labels}'; expected NAME.png, or NAME_1.png and so on");
        }

        shell.Out.WriteLine($"{QualityTable.Head}\n{QualityTable.Row(Plain.Count(scores.Count, "image"), scores)}");
        shell.Out.WriteLine($"Boundaries count as found within {SuperpixelQuality.Tolerance} of the diagonal, rounded to pixels; {Plain.Count(without)} without a label map left out.");
        return ExitCodes.Clean;
    }
}
