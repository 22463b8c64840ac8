using System.Text;

namespace InMARS.Stages.Shards;

/// <summary>Splits one line of comma separated values.</summary>
/// <remarks>RFC 4180, except that a quoted field may not go on over the end of its line.</remarks>
internal static class CsvLine
{
    /// <summary>The fields, or what is wrong with the line.</summary>
    public static (IReadOnlyList<string> Fields, string? Error) Split(string line)
    {
        var fields = new List<string>();
        var at = 0;
        while (true)
        {
            var (field, end, error) = at < line.Length && line[at] == '"' ? Quoted(line, at + 1) : Plain(line, at);
            if (error is not null)
            {
                return ([], error);
            }

            fields.Add(field);
            if (end == line.Length)
            {
                return (fields, null);
            }

            at = end + 1;
        }
    }

    private static (string Field, int End, string? Error) Plain(string line, int start)
    {
        var end = line.IndexOf(',', start) is >= 0 and var comma ? comma : line.Length;
        var field = line[start..end].Trim();
        return (field, end, field.Contains('"') ? $"expected quotes around the whole field, found '{field}'" : null);
    }

    private static (string Field, int End, string? Error) Quoted(string line, int start)
    {
        var field = new StringBuilder();
        for (var i = start; i < line.Length; i++)
        {
            if (line[i] != '"')
            {
                field.Append(line[i]);
            }
            else if (i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append(line[i++]);
            }
            else
            {
                return i + 1 == line.Length || line[i + 1] == ','
                    ? (field.ToString(), i + 1, null)
                    : ("", 0, $"expected a comma behind the closing quote, found '{line[i + 1]}'");
            }
        }

        return ("", 0, "expected a closing quote, found the end of the line");
    }
}
