namespace InMARS.Stages.Reports;

/// <summary>Colours for clusters and classes that stay apart, for colour-blind eyes too as far as few colours go.</summary>
public static class Palette
{
    /// <summary>Different colours there are; beyond, they repeat.</summary>
    public const int Distinct = 512;

    private const int Grid = 12;

    // Okabe and Ito, "Color Universal Design", 2008; black last, because it hides an image under it.
    private static readonly byte[] ColourBlindSafe =
    [
        0x56, 0xB4, 0xE9, 0xE6, 0x9F, 0x00, 0x00, 0x9E, 0x73, 0xCC, 0x79, 0xA7,
        0xF0, 0xE4, 0x42, 0x00, 0x72, 0xB2, 0xD5, 0x5E, 0x00, 0x00, 0x00, 0x00,
    ];

    private static readonly Lazy<byte[]> All = new(() => Extended(ColourBlindSafe, Distinct));

    /// <summary>Red, green, blue of each of a number of clusters; the first ones are the same whatever the number.</summary>
    public static byte[] Rgb(int clusters) => [.. Enumerable.Range(0, clusters * 3).Select(i => All.Value[i % (Distinct * 3)])];

    /// <summary>The colour of a cluster, as #rrggbb.</summary>
    public static string Colour(int cluster)
    {
        var at = cluster % Distinct * 3;
        return $"#{Convert.ToHexStringLower(All.Value.AsSpan(at, 3))}";
    }

    /// <summary>Goes on with the colour that is farthest, to the eye, from all before it.</summary>
    private static byte[] Extended(byte[] first, int count)
    {
        var candidates = Candidates();
        var places = candidates.Select(Perceived).ToList();
        var distances = Enumerable.Repeat(double.MaxValue, candidates.Count).ToArray();
        var colours = new List<byte>(first);
        for (var i = 0; i < colours.Count; i += 3)
        {
            Approach(distances, places, Perceived((colours[i], colours[i + 1], colours[i + 2])));
        }

        while (colours.Count < count * 3)
        {
            var farthest = Array.IndexOf(distances, distances.Max());
            var (r, g, b) = candidates[farthest];
            colours.AddRange([r, g, b]);
            Approach(distances, places, places[farthest]);
        }

        return [.. colours];
    }

    private static List<(byte R, byte G, byte B)> Candidates()
    {
        var levels = Enumerable.Range(0, Grid).Select(i => (byte)(i * 255 / (Grid - 1))).ToArray();
        return [.. from r in levels from g in levels from b in levels select (r, g, b)];
    }

    private static void Approach(double[] distances, List<(double L, double A, double B)> places, (double L, double A, double B) taken)
    {
        for (var i = 0; i < distances.Length; i++)
        {
            var (l, a, b) = (places[i].L - taken.L, places[i].A - taken.A, places[i].B - taken.B);
            distances[i] = Math.Min(distances[i], l * l + a * a + b * b);
        }
    }

    /// <summary>Oklab, Ottosson 2020: a space in which distance is about as seen.</summary>
    private static (double L, double A, double B) Perceived((byte R, byte G, byte B) colour)
    {
        var (r, g, b) = (Linear(colour.R), Linear(colour.G), Linear(colour.B));
        var l = Math.Cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
        var m = Math.Cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
        var s = Math.Cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
        return (
            0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s);
    }

    private static double Linear(byte value) => value / 255.0 is var v && v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);
}
