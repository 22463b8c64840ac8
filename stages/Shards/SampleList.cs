using InMARS.Pipeline.Outcomes;

namespace InMARS.Stages.Shards;

/// <summary>Reads a CSV list of samples: columns <c>image</c>, and where wanted <c>label</c> and <c>key</c>; others are passed over.</summary>
internal static class SampleList
{
    /// <summary>One entry for each line behind the header that is not blank. Paths are relative to the folder of the list.</summary>
    /// <returns>A line that cannot be used is an entry with <c>list.bad_line</c> or <c>list.duplicate_key</c>, which name file and line.</returns>
    /// <exception cref="RunException">The list cannot be read, has no column <c>image</c>, or names no sample.</exception>
    public static IReadOnlyList<FileEntry> Read(string path)
    {
        var lines = Lines(path);
        var columns = Header(path, lines);
        var seen = new Dictionary<string, int>();
        var entries = lines.Select((text, i) => (Text: text, Line: i + 1))
            .Skip(1)
            .Where(l => !string.IsNullOrWhiteSpace(l.Text))
            .Select(l => Entry(path, l.Text, l.Line, columns, seen))
            .ToList();
        return entries.Count > 0 ? entries : throw new RunException($"list '{path}' names no sample");
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RunException($"there is no list '{path}'", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot read list '{path}': {e.Message}", e);
        }
    }

    private static Columns Header(string path, string[] lines)
    {
        var (fields, error) = lines.Length == 0 ? ([], "expected a header, found an empty file") : CsvLine.Split(lines[0]);
        var names = fields.Select(f => f.Trim().ToLowerInvariant()).ToList();
        var image = names.IndexOf("image");
        return error is null && image >= 0
            ? new Columns(names.Count, image, names.IndexOf("label"), names.IndexOf("key"))
            : throw new RunException($"{path}:1: {error ?? $"expected a header with a column 'image', found '{lines[0]}'"}");
    }

    private static FileEntry Entry(string path, string text, int line, Columns columns, Dictionary<string, int> seen)
    {
        var (fields, error) = CsvLine.Split(text);
        error ??= fields.Count != columns.Count ? $"expected {columns.Count} fields, found {fields.Count}" : null;
        error ??= fields[columns.Image].Length == 0 ? "expected a path in column 'image', found nothing" : null;
        if (error is not null)
        {
            return Bad(path, $"line {line}", "list.bad_line", $"{path}:{line}: {error}");
        }

        var key = columns.In(fields, columns.Key) ?? ShardKey.OfFile(fields[columns.Image]);
        if (ShardKey.Unsafe(key) is { } reason)
        {
            return Bad(path, $"line {line}", "list.bad_line", $"{path}:{line}: key '{key}' {reason}; expected a relative name");
        }

        return seen.TryAdd(key, line)
            ? new FileEntry(path, key, At(path, fields[columns.Image]), columns.In(fields, columns.Label) is { } label ? At(path, label) : null)
            : Bad(path, key, "list.duplicate_key", $"{path}:{line}: key '{key}' stands in line {seen[key]} already; expected each key once");
    }

    private static FileEntry Bad(string path, string key, string code, string message) => new(path, key, "", null, new Fault(code, message));

    private static string At(string list, string file) => Path.Combine(Path.GetDirectoryName(list) ?? "", file);

    private sealed record Columns(int Count, int Image, int Label, int Key)
    {
        public string? In(IReadOnlyList<string> fields, int column) => column >= 0 && fields[column].Length > 0 ? fields[column] : null;
    }
}
