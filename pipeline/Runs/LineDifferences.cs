namespace InMARS.Pipeline.Runs;

/// <summary>How two texts differ, line by line.</summary>
internal static class LineDifferences
{
    /// <summary>Lines that only one of them has, in order of the text; none where they are equal.</summary>
    public static IEnumerable<string> Of(string before, string now)
    {
        var (was, has) = (Lines(before), Lines(now));
        return
        [
            .. Missing(was, has).Select(line => $"had '{line}'"),
            .. Missing(has, was).Select(line => $"has '{line}'"),
        ];
    }

    private static string[] Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim())];

    private static IEnumerable<string> Missing(string[] lines, string[] among)
    {
        var left = among.CountBy(l => l).ToDictionary();
        foreach (var line in lines)
        {
            if (left.GetValueOrDefault(line) == 0)
            {
                yield return line;
            }
            else
            {
                left[line]--;
            }
        }
    }
}
