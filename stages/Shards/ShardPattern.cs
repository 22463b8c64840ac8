using System.IO.Enumeration;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Stages.Shards;

/// <summary>What a user may write for shards: a path, a folder, braces, <c>*</c> and <c>?</c>, or a list of these.</summary>
public static class ShardPattern
{
    private static readonly string[] Endings = [".tar", ".tar.gz", ".tgz", ".tar.zst"];

    /// <summary>Reads one pattern or a list of them.</summary>
    public static Decoder<IReadOnlyList<string>> Decoder { get; } = new(
        "text or list of text",
        node => node.Scalar is null && !node.IsAbsent
            ? Decode.ListOf(Decode.Text).Read(node).Bind(Validated<IReadOnlyList<string>> (list) =>
                list.Count > 0 ? Validated.Ok(list) : node.Error("expected text or list of text, found an empty list"))
            : Decode.Text.Read(node).Map(IReadOnlyList<string> (text) => [text]),
        patterns => Decode.ListOf(Decode.Text).Show(patterns));

    /// <summary>Whether a file name ends as those of shards do.</summary>
    public static bool IsShard(string name) => Endings.Any(e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a folder holds files that are named as shards are.</summary>
    /// <exception cref="RunException">The folder cannot be read.</exception>
    public static bool HoldsShards(string folder) => Readable(folder, Directory.EnumerateFiles).Exists(IsShard);

    /// <summary>The shards that patterns stand for, each once.</summary>
    /// <returns>
    /// In the order of the patterns and their braces; what <c>*</c>, <c>?</c> or a folder adds is in ordinal order.
    /// A shard that is named without wildcards need not exist, as long as one of its pattern does.
    /// </returns>
    /// <exception cref="RunException">A pattern, or an alternative with wildcards within it, matches nothing.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> patterns) => [.. patterns.SelectMany(ExpandOne).Distinct()];

    private static List<string> ExpandOne(string pattern)
    {
        var found = BraceExpansion.Expand(pattern).SelectMany(text => Matches(text, pattern)).ToList();
        return found.Any(File.Exists) ? found : throw Nothing(pattern, found[0]);
    }

    private static IReadOnlyList<string> Matches(string text, string pattern)
    {
        if (Directory.Exists(text))
        {
            var inside = Names(text, "*", Directory.EnumerateFiles).Where(IsShard).ToList();
            return inside.Count > 0 ? inside : throw new RunException(
                $"folder '{text}' holds no shards; expected files that end in {string.Join(", ", Endings)}");
        }

        if (!HasWildcard(text))
        {
            return [text];
        }

        var matches = Glob(text);
        return matches.Count > 0 ? matches : throw Nothing(pattern, text);
    }

    private static IReadOnlyList<string> Glob(string text)
    {
        var parts = text.Split('/');
        IEnumerable<string> folders = [text.StartsWith('/') ? "/" : ""];
        foreach (var part in parts[..^1].Where(p => p.Length > 0))
        {
            folders = folders.SelectMany(f => Names(f, part, Directory.EnumerateDirectories)).ToList();
        }

        return [.. folders.SelectMany(f => Names(f, parts[^1], Directory.EnumerateFiles))];
    }

    private static IEnumerable<string> Names(string folder, string pattern, Func<string, IEnumerable<string>> entries)
    {
        if (!HasWildcard(pattern))
        {
            return [Path.Combine(folder, pattern)];
        }

        var at = folder.Length == 0 ? "." : folder;
        return Directory.Exists(at) ? Readable(at, entries)
            .Where(name => (name[0] != '.' || pattern[0] == '.') && FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false))
            .Order(StringComparer.Ordinal)
            .Select(name => Path.Combine(folder, name)) : [];
    }

    private static List<string> Readable(string folder, Func<string, IEnumerable<string>> entries)
    {
        try
        {
            return [.. entries(folder).Select(path => Path.GetFileName(path))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot read folder '{folder}': {e.Message}", e);
        }
    }

    private static bool HasWildcard(string text) => text.AsSpan().IndexOfAny('*', '?') >= 0;

    private static RunException Nothing(string pattern, string text)
    {
        var folder = Path.GetDirectoryName(text[..(text.AsSpan().IndexOfAny('*', '?') is >= 0 and var i ? i : text.Length)]);
        var shown = string.IsNullOrEmpty(folder) ? "." : folder;
        return new RunException(Directory.Exists(shown)
            ? $"no shard matches '{pattern}'; looked in folder '{shown}'"
            : $"no shard matches '{pattern}': there is no folder '{shown}'");
    }
}
