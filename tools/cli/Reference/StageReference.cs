using System.Text;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;

namespace InMARS.Cli.Reference;

/// <summary>The reference of all stages, made from the entries themselves; the same entries give the same text.</summary>
internal static class StageReference
{
    private static readonly (EntryKind Kind, string Title)[] Kinds = [(EntryKind.Source, "Sources"), (EntryKind.Stage, "Stages"), (EntryKind.Sink, "Sinks")];

    /// <summary>One line an entry, by kind.</summary>
    public static string Table(IReadOnlyList<StageEntry> entries)
    {
        var name = entries.Max(e => e.Name.Length);
        var types = entries.Max(e => e.Types.Length);
        var text = new StringBuilder();
        foreach (var (kind, title) in Kinds)
        {
            text.Append(title).Append('\n');
            foreach (var entry in entries.Where(e => e.Kind == kind))
            {
                text.Append($"  {entry.Name.PadRight(name)}  {entry.Types.PadRight(types)}  {entry.Summary}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>The text of <c>docs/stages.md</c>.</summary>
    public static string Markdown(IReadOnlyList<StageEntry> entries)
    {
        var text = new StringBuilder("""
            # Stages

            Made by `inmars stages --markdown`; `make docs` brings it up to date. A run file names a stage by `use:` and gives its
            options by `with:`. Stages and sinks take `flow:` besides: `parallelism` (items in hand at once; `auto` lets the first items show
            what is enough, at most one a core),
            `capacity` (items the stage may hold; `auto` means two for each in hand, and what the stage needs) and `on_fault` (`inherit`, `skip`,
            `stop` or its other word `fail`, or `retry N`: input that a disk or a network fails to give is tried again N times, after
            pauses that double from half a second to half a minute, before it is rejected; for sources and for kernels, not for sinks
            and folds). `item_timeout_seconds` is how long a stage may be at one item before that is rejected with `item.timeout`
            (`inherit`: as `run:` says, by default any time); for stages that keep nothing between items. Sources take `flow:` with
            `on_fault` alone.


            """);
        foreach (var (kind, title) in Kinds)
        {
            text.Append($"## {title}\n\n");
            foreach (var entry in entries.Where(e => e.Kind == kind))
            {
                Entry(text, entry);
            }
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Entry(StringBuilder text, StageEntry entry)
    {
        text.Append($"### {entry.Name}\n\n{entry.Summary}\n\n`{entry.Types}`\n\n");
        var options = entry.Options;
        if (options.Count > 0)
        {
            text.Append("| option | expected | default | meaning |\n|---|---|---|---|\n");
            foreach (var note in options)
            {
                text.Append($"| `{note.Key}` | {Cell(note.Expected)} | {Default(note)} | {Cell(note.Summary)} |\n");
            }

            text.Append('\n');
        }

        text.Append($"{entry.Behaviour}\n\n");
    }

    private static string Default(FieldNote note) => note.Default switch
    {
        null => "required",
        "" => "",
        { } value => $"`{Cell(value)}`",
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
