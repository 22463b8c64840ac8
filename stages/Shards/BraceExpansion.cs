using System.Globalization;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Stages.Shards;

/// <summary>Shell braces: <c>{000..123}</c> counts, <c>{train,val}</c> lists; they nest. Braces that do neither stay as they are.</summary>
internal static class BraceExpansion
{
    private const int Most = 100_000;
    private const int Longest = 4096;

    /// <summary>The texts that a pattern stands for, in the order it names them.</summary>
    public static IReadOnlyList<string> Expand(string pattern)
    {
        if (pattern.Length > Longest)
        {
            throw new RunException($"'{pattern[..60]}...' has {pattern.Length} characters; expected at most {Longest} in a path");
        }

        var texts = From(pattern, 0).Take(Most + 1).ToList();
        return texts.Count <= Most ? texts : throw new RunException($"'{pattern}' stands for more than {Most} shards");
    }

    private static IEnumerable<string> From(string text, int start)
    {
        for (var open = text.IndexOf('{', start); open >= 0; open = text.IndexOf('{', open + 1))
        {
            var close = Closing(text, open);
            if (close > 0 && Alternatives(text[(open + 1)..close]) is { } alternatives)
            {
                var (head, tail) = (text[..open], text[(close + 1)..]);
                return alternatives.SelectMany(a => From(a, 0)).SelectMany(a => From(head + a + tail, head.Length + a.Length));
            }
        }

        return [text];
    }

    private static int Closing(string text, int open)
    {
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            depth += text[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return i;
            }
        }

        return -1;
    }

    private static IEnumerable<string>? Alternatives(string inside) =>
        Range(inside) ?? (AtTopLevel(inside) is { Count: > 1 } parts ? parts : null);

    private static IEnumerable<string>? Range(string inside)
    {
        var dots = inside.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0 || Number(inside[..dots]) is not { } first || Number(inside[(dots + 2)..]) is not { } last)
        {
            return null;
        }

        var padded = inside[0] == '0' && dots > 1 || inside[dots + 2] == '0' && inside.Length - dots > 3;
        var width = padded ? Math.Max(dots, inside.Length - dots - 2) : 1;
        return Numbers(first, last).Select(n => n.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0'));
    }

    private static IEnumerable<long> Numbers(long first, long last)
    {
        var step = first <= last ? 1 : -1;
        for (var n = first; n != last + step; n += step)
        {
            yield return n;
        }
    }

    private static long? Number(string digits) =>
        digits.Length is > 0 and <= 18 && digits.All(char.IsAsciiDigit) ? long.Parse(digits, CultureInfo.InvariantCulture) : null;

    private static List<string> AtTopLevel(string inside)
    {
        var (parts, depth, start) = (new List<string>(), 0, 0);
        for (var i = 0; i < inside.Length; i++)
        {
            depth += inside[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (inside[i] == ',' && depth == 0)
            {
                parts.Add(inside[start..i]);
                start = i + 1;
            }
        }

        return [.. parts, inside[start..]];
    }
}
