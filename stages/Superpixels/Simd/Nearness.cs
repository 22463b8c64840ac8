namespace InMARS.Stages.Superpixels.Simd;

/// <summary>The spatial part of the distance as a table over the offset from a centre along one axis.</summary>
/// <remarks>
/// Achanta et al. 2012, equation 3, squared and times m²: D² = |dc|² + (m/S)² (dx² + dy²). The entry at
/// <c>offset + Middle</c> is (m/S)² offset², rounded, at most 65,535. The offsets of 16 pixels in a row are 16
/// neighbouring entries, which one load fetches.
/// </remarks>
internal static class Nearness
{
    /// <summary>Entries for an image: every offset that a pixel of a tile can have from a centre in the image.</summary>
    public static int Length(Tiling tiling) => (2 * Middle(tiling)) + 1;

    public static int Middle(Tiling tiling) => Math.Max(tiling.Columns * Tiling.Width, tiling.Rows * Tiling.Depth);

    public static void Fill(Span<ushort> table, double ruler, int regionSize)
    {
        var weight = ruler / regionSize * (ruler / regionSize);
        var middle = table.Length / 2;
        for (var offset = 0; offset <= middle; offset++)
        {
            table[middle + offset] = table[middle - offset] = (ushort)Math.Min(ushort.MaxValue, Math.Round(weight * offset * offset));
        }
    }
}
