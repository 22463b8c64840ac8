namespace InMARS.Stages.Learning;

/// <summary>Chooses a snapshot without labels.</summary>
/// <remarks>
/// Published figures are mostly those of the epoch that scored best with labels, which nobody has who needs this method.
/// Mutual information alone grows with any confident, even split, a meaningless one too; agreement alone is greatest where
/// one cluster has everything. Their product is great only where both are. Docs: adr/0010.
/// </remarks>
internal static class LabelFreeChoice
{
    public const string Rule =
        "greatest mutual information over ln K times mean agreement under the perturbations, among snapshots without dead clusters where there are any; the later of equals";

    /// <param name="snapshots">At least one, in order of their steps.</param>
    public static SnapshotFigures Of(IReadOnlyList<SnapshotFigures> snapshots)
    {
        var alive = snapshots.Where(s => s.DeadClusters == 0).ToList();
        return (alive.Count > 0 ? alive : snapshots.AsEnumerable()).Reverse().MaxBy(s => s.Score)!;
    }
}
