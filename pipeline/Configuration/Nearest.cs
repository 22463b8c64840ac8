namespace InMARS.Pipeline.Configuration;

/// <summary>"Did you mean": the nearest of the allowed words by edit distance.</summary>
public static class Nearest
{
    private const int Longest = 80;

    /// <summary>A hint to append to a message, or nothing when no word is near.</summary>
    public static string Hint(string? found, IEnumerable<string> allowed)
    {
        if (string.IsNullOrEmpty(found) || found.Length > Longest)
        {
            return "";
        }

        var best = allowed.MinBy(word => Distance(found, word));
        return best is not null && Distance(found, best) <= Math.Max(2, best.Length / 3) ? $"; did you mean '{best}'?" : "";
    }

    /// <summary>Damerau-Levenshtein distance with adjacent transpositions (optimal string alignment).</summary>
    internal static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                d[i, j] = (i, j) switch
                {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => Math.Min(
                        Math.Min(d[i - 1, j], d[i, j - 1]) + 1,
                        d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)),
                };
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
