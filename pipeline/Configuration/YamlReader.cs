using System.Collections.Immutable;
using InMARS.Pipeline.Outcomes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace InMARS.Pipeline.Configuration;

/// <summary>Reads a YAML document as a tree, and finds every key that stands twice in one map.</summary>
internal static class YamlReader
{
    private const int LongestKey = 1024;

    /// <param name="name">File name for messages.</param>
    /// <returns>The root, with errors for keys beside it; or only an error when the text is not YAML.</returns>
    public static (ConfigNode? Root, ImmutableArray<ConfigError> Errors) Read(string text, string name)
    {
        try
        {
            if (text.Contains('\0'))
            {
                return (null, [new ConfigError(name, "", "not a text file: it holds a zero byte")]);
            }

            var events = YamlEvents.Read(text.TrimStart('\uFEFF'));
            var remove = new HashSet<int>();
            var errors = BadKeys(events, name, remove);
            var stream = new YamlStream();
            stream.Load(new Replay([.. events.Where((_, i) => !remove.Contains(i))]));
            return stream.Documents.Count switch
            {
                0 => (null, [new ConfigError(name, "", "expected a YAML document, found an empty one")]),
                1 => (new ConfigNode(stream.Documents[0].RootNode, "", new ConfigFile(name)), errors),
                var several => (null, [new ConfigError(name, "", $"expected one YAML document, found {several}")]),
            };
        }
        catch (YamlException e)
        {
            return (null, [new ConfigError($"{name}:{e.Start.Line}:{e.Start.Column}", "", $"not valid YAML: {e.Message}{TabHint(text)}")]);
        }
    }

    /// <summary>The commonest cause of bad YAML, which the parser does not name.</summary>
    private static string TabHint(string text)
    {
        var line = Array.FindIndex(text.Split('\n'), l => l.TrimStart(' ').StartsWith('\t'));
        return line < 0 ? "" : $" (line {line + 1} is indented by a tab; YAML takes spaces only)";
    }

    /// <summary>Marks entries for removal whose key stands in the map already, or is not a name at all.</summary>
    private static ImmutableArray<ConfigError> BadKeys(List<ParsingEvent> events, string name, HashSet<int> remove)
    {
        var errors = ImmutableArray.CreateBuilder<ConfigError>();
        foreach (var map in Enumerable.Range(0, events.Count).Where(i => events[i] is MappingStart && !remove.Contains(i)))
        {
            var lines = new Dictionary<string, long>(StringComparer.Ordinal);
            for (var k = map + 1; events[k] is not MappingEnd; k = After(events, After(events, k)))
            {
                if (events[After(events, k)] is MappingEnd)
                {
                    throw new YamlException(events[map].Start, events[k].End, "this map has a key without a value, or a value without a key");
                }

                if (Refusal(events[k], lines) is { } refusal)
                {
                    errors.Add(new ConfigError($"{name}:{events[k].Start.Line}:{events[k].Start.Column}", events[k] is Scalar { Value.Length: <= LongestKey } key ? key.Value : "", refusal));
                    remove.UnionWith(Enumerable.Range(k, After(events, After(events, k)) - k));
                }
            }
        }

        return errors.ToImmutable();
    }

    private static string? Refusal(ParsingEvent key, Dictionary<string, long> lines) => key switch
    {
        Scalar { Value.Length: > LongestKey } s => $"expected a name as key, found a text of {s.Value.Length} characters",
        Scalar s when lines.TryAdd(s.Value, s.Start.Line) => null,
        Scalar s => $"this key stands here twice; first at line {lines[s.Value]}",
        MappingStart => "expected a name as key, found a map",
        _ => "expected a name as key, found a list",
    };

    /// <summary>Position behind the node that starts at <paramref name="start"/>.</summary>
    private static int After(List<ParsingEvent> events, int start)
    {
        var depth = 0;
        do
        {
            depth += events[start].NestingIncrease;
            start++;
        }
        while (depth > 0);

        return start;
    }

    private sealed class Replay(IReadOnlyList<ParsingEvent> events) : IParser
    {
        private int _position = -1;

        public ParsingEvent? Current => _position >= 0 && _position < events.Count ? events[_position] : null;

        public bool MoveNext() => ++_position < events.Count;
    }
}
