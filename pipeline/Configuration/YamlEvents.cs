using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace InMARS.Pipeline.Configuration;

/// <summary>The parsing events of a text, with every alias replaced by what it stands for.</summary>
/// <remarks>
/// Without aliases every node of the tree stands in one place, so that an override or a default changes one place only.
/// The limits are far above any run file; they stop nesting and aliases that would grow without bound.
/// </remarks>
internal static class YamlEvents
{
    private const int Most = 50_000;
    private const int Deepest = 64;
    private const int LongestText = 65_536;
    private const string Standard = "tag:yaml.org,2002:";
    private static readonly string[] _tags = ["str", "int", "float", "bool", "null", "seq", "map"];

    /// <exception cref="YamlException">The text is not YAML, or breaks a limit.</exception>
    public static List<ParsingEvent> Read(string text)
    {
        using var reader = new StringReader(text);
        var parser = new Parser(reader);
        var events = new List<ParsingEvent>();
        var anchors = new Dictionary<AnchorName, Range>();
        var open = new Stack<(AnchorName Name, int Start)>();
        while (Next(parser))
        {
            var current = parser.Current!;
            Refuse(current);
            Copy(current, events, anchors);
            Note(current, events.Count, anchors, open);
            if (events.Count > Most || open.Count > Deepest)
            {
                throw new YamlException(current.Start, current.End, events.Count > Most ? "larger than any run file" : $"nested deeper than {Deepest} levels");
            }
        }

        RefuseDepth(events);
        return events;
    }

    /// <remarks>On some broken text the parser fails by exceptions that are not its own and have no place: a tag such as <c>!!{</c>.</remarks>
    private static bool Next(Parser parser)
    {
        try
        {
            return parser.MoveNext();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            var last = parser.Current?.End ?? Mark.Empty;
            throw new YamlException(last, last, "cannot make sense of what follows", e);
        }
    }

    /// <remarks>Tags are looked at nowhere, so one that asks for more than its value says must not pass in silence.</remarks>
    private static void Refuse(ParsingEvent current)
    {
        if (current is Scalar { Value.Length: > LongestText } text)
        {
            throw new YamlException(text.Start, text.End, $"a text of {text.Value.Length} characters; expected at most {LongestText}");
        }

        if (current is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } tag } && !Array.Exists(_tags, known => tag.Value == Standard + known))
        {
            throw new YamlException(current.Start, current.End, $"unknown tag '{tag.Value[..Math.Min(tag.Value.Length, 80)]}'");
        }
    }

    private static void RefuseDepth(List<ParsingEvent> events)
    {
        var depth = 0;
        foreach (var e in events)
        {
            depth += e.NestingIncrease;
            if (depth > Deepest)
            {
                throw new YamlException(e.Start, e.End, $"nested deeper than {Deepest} levels");
            }
        }
    }

    private static void Copy(ParsingEvent current, List<ParsingEvent> events, Dictionary<AnchorName, Range> anchors)
    {
        if (current is not AnchorAlias alias)
        {
            events.Add(WithoutAnchor(current));
        }
        else if (anchors.TryGetValue(alias.Value, out var range))
        {
            events.AddRange(events.GetRange(range.Start.Value, range.End.Value - range.Start.Value));
        }
        else
        {
            throw new YamlException(alias.Start, alias.End, $"nothing before this is anchored as '&{alias.Value}'");
        }
    }

    /// <summary>Keeps the range of events that each anchor names; it is known when its node has ended, so none contains itself.</summary>
    private static void Note(ParsingEvent current, int end, Dictionary<AnchorName, Range> anchors, Stack<(AnchorName Name, int Start)> open)
    {
        switch (current.NestingIncrease)
        {
            case > 0:
                open.Push((current is NodeEvent node ? node.Anchor : AnchorName.Empty, end - 1));
                break;
            case < 0 when open.Pop() is { Name.IsEmpty: false } ended:
                Name(ended.Name, ended.Start..end);
                break;
            case 0 when current is Scalar { Anchor.IsEmpty: false } scalar:
                Name(scalar.Anchor, (end - 1)..end);
                break;
        }

        void Name(AnchorName anchor, Range range)
        {
            if (!anchors.TryAdd(anchor, range))
            {
                throw new YamlException(current.Start, current.End, $"'&{anchor.Value}' is anchored twice");
            }
        }
    }

    private static ParsingEvent WithoutAnchor(ParsingEvent e) => e switch
    {
        Scalar { Anchor.IsEmpty: false } s => new Scalar(
            AnchorName.Empty, s.Tag, s.Value, s.Style, s.IsPlainImplicit, s.IsQuotedImplicit, s.Start, s.End, s.IsKey),
        SequenceStart { Anchor.IsEmpty: false } s => new SequenceStart(AnchorName.Empty, s.Tag, s.IsImplicit, s.Style, s.Start, s.End),
        MappingStart { Anchor.IsEmpty: false } m => new MappingStart(AnchorName.Empty, m.Tag, m.IsImplicit, m.Style, m.Start, m.End),
        _ => e,
    };
}
