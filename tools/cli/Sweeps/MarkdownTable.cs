using System.Text;

namespace InMARS.Cli.Sweeps;

/// <summary>A table in Markdown whose columns also stand below each other as plain text.</summary>
internal static class MarkdownTable
{
    /// <param name="names">Columns at the left that hold names; the others hold figures and are aligned right.</param>
    public static string Of(int names, IReadOnlyList<string> head, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = head.Select((title, c) => rows.Select(r => r[c].Length).Append(title.Length).Append(3).Max()).ToList();
        var text = new StringBuilder();
        Line(text, head, widths, names);
        text.Append('|');
        foreach (var (c, width) in widths.Index())
        {
            text.Append(' ').Append('-', c < names ? width : width - 1).Append(c < names ? " |" : ": |");
        }

        text.Append('\n');
        foreach (var row in rows)
        {
            Line(text, row, widths, names);
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, IReadOnlyList<string> cells, List<int> widths, int names)
    {
        text.Append('|');
        foreach (var (c, cell) in cells.Index())
        {
            text.Append(' ').Append(c < names ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c])).Append(" |");
        }

        text.Append('\n');
    }
}
