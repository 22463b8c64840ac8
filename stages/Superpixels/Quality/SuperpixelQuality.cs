namespace InMARS.Stages.Superpixels.Quality;

/// <summary>How well superpixels follow a segmentation that people drew, or that labels give.</summary>
/// <param name="Count">Superpixels.</param>
/// <param name="BoundaryRecall">Share of true boundary pixels with a superpixel boundary within the tolerance, 0 to 1; 1 where there is no true boundary.</param>
/// <param name="UndersegmentationError">Of Neubert and Protzel, from 0 for none.</param>
/// <param name="AchievableAccuracy">Share of pixels that are right when every superpixel gets its most frequent true segment, 0 to 1.</param>
/// <param name="Compactness">Mean isoperimetric quotient, weighed by area, 0 to 1 for discs.</param>
public sealed record SuperpixelQuality(double Count, double BoundaryRecall, double UndersegmentationError, double AchievableAccuracy, double Compactness)
{
    /// <summary>How far a boundary may be off, as a share of the image's diagonal, rounded to pixels: 1 pixel for 481 x 321.</summary>
    public const double Tolerance = 0.0025;

    /// <summary>Measures a partition against a segmentation of the same size.</summary>
    /// <param name="labels">Superpixels, <c>[height, width]</c>, 0 to <paramref name="count"/> - 1.</param>
    /// <param name="truth">True segments, <c>[height, width]</c>; <see cref="ushort.MaxValue"/> is not counted.</param>
    /// <remarks>
    /// Stutz, Hermans, Leibe, "Superpixels: an evaluation of the state-of-the-art", CVIU 166, 2018, section 4. With s the
    /// superpixels, g the segments and N the pixels: ASA = 1/N sum_s max_g |s ∩ g|; UE = 1/N sum_g sum_s min(|s ∩ g|, |s \ g|).
    /// Compactness: Schick, Fischer, Stiefelhagen, ICPR 2012.
    /// </remarks>
    public static SuperpixelQuality Of(int[] labels, int count, ushort[] truth, int width)
    {
        var (areas, shares) = Overlaps(labels, count, truth);
        var known = Math.Max(1L, areas.Sum(a => (long)a));
        var most = new int[count];
        var under = 0L;
        foreach (var ((superpixel, _), share) in shares)
        {
            most[superpixel] = Math.Max(most[superpixel], share);
            under += Math.Min(share, areas[superpixel] - share);
        }

        return new SuperpixelQuality(
            count,
            Boundaries.Recall(labels, truth, width),
            (double)under / known,
            most.Sum(m => (double)m) / known,
            Boundaries.Compactness(labels, count, width));
    }

    /// <summary>The mean of several, number by number.</summary>
    public static SuperpixelQuality Mean(IReadOnlyCollection<SuperpixelQuality> all) => new(
        all.Average(q => q.Count),
        all.Average(q => q.BoundaryRecall),
        all.Average(q => q.UndersegmentationError),
        all.Average(q => q.AchievableAccuracy),
        all.Average(q => q.Compactness));

    private static (int[] Areas, Dictionary<(int Superpixel, ushort Segment), int> Shares) Overlaps(int[] labels, int count, ushort[] truth)
    {
        var areas = new int[count];
        var shares = new Dictionary<(int, ushort), int>();
        for (var i = 0; i < labels.Length; i++)
        {
            if (truth[i] != ushort.MaxValue)
            {
                areas[labels[i]]++;
                System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(shares, (labels[i], truth[i]), out _)++;
            }
        }

        return (areas, shares);
    }
}
