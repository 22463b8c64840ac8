using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Runs;

/// <summary>The files that a flow reads.</summary>
internal static class InputFiles
{
    /// <summary>Files that are hashed; of a folder with more, the first by name.</summary>
    private const int Most = 5000;

    /// <summary>Their names; none where an earlier flow has yet to make them.</summary>
    public static IReadOnlyList<string> Names(IGraph graph)
    {
        try
        {
            return graph.Inputs;
        }
        catch (RunException)
        {
            // Nothing is there yet: an earlier flow makes it, or reading it will say so.
            return [];
        }
    }

    /// <summary>What they are now. A file of the size and the time that it had is not read.</summary>
    /// <param name="before">What was known of them.</param>
    public static IReadOnlyList<InputFile> Of(IGraph graph, IReadOnlyList<InputFile> before)
    {
        var known = before.ToDictionary(f => f.Path);
        return [.. Names(graph).Order(StringComparer.Ordinal).Where(File.Exists).Distinct().Take(Most).Select(path => known.GetValueOrDefault(path) is { IsUnchanged: true } same ? same : InputFile.Of(path))];
    }

    /// <summary>How files have changed, a sentence each; a file of another time and the same content has not.</summary>
    public static IEnumerable<string> Differences(IReadOnlyList<InputFile> before, IReadOnlyList<InputFile> now)
    {
        var there = now.ToDictionary(f => f.Path);
        foreach (var was in before)
        {
            if (!there.Remove(was.Path, out var has))
            {
                yield return $"the input '{was.Path}' is gone";
            }
            else if (has.Bytes != was.Bytes)
            {
                yield return $"the input '{was.Path}' had {was.Bytes} bytes, and has {has.Bytes}";
            }
            else if (has.QuickHash != was.QuickHash)
            {
                yield return $"the input '{was.Path}' has other content than before";
            }
        }

        foreach (var added in there.Keys.Order(StringComparer.Ordinal))
        {
            yield return $"the input '{added}' is new";
        }
    }
}
