using System.Text.Json;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Cli.Display;

/// <summary>The warnings in <c>events.jsonl</c> of a run.</summary>
/// <param name="Last">The sentence of the last one; null where there is none.</param>
internal sealed record RunWarnings(long Count, string? Last)
{
    /// <returns>Null where the run has no such file.</returns>
    /// <exception cref="RunException">The file cannot be read.</exception>
    public static RunWarnings? Read(string directory)
    {
        var path = Path.Combine(directory, "events.jsonl");
        try
        {
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            return Of(reader);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot read '{path}': {e.Message}", e);
        }
    }

    private static RunWarnings Of(StreamReader lines)
    {
        var (count, last) = (0L, "");
        while (lines.ReadLine() is { } line)
        {
            // Few of many lines are warnings; the others need not be taken apart.
            if (line.Contains("\"kind\":\"warning\"", StringComparison.Ordinal))
            {
                (count, last) = (count + 1, line);
            }
        }

        return new RunWarnings(count, count > 0 ? Sentence(last) : null);
    }

    private static string Sentence(string line)
    {
        try
        {
            return JsonNode.Parse(line)?["message"]?.GetValue<string>() ?? line;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The run may be writing this line just now.
            return line;
        }
    }
}
