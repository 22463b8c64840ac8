using System.Collections.Immutable;
using InMARS.Pipeline.Outcomes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace InMARS.Pipeline.Configuration;

/// <summary>Reads a YAML document as a tree, and finds every key that stands twice in one map.</summary>
internal static class YamlReader
{
    private const int MostEvents = 200_000;
    private const int Deepest = 64;

    /// <param name="name">File name for messages.</param>
    /// <returns>The root, with errors for duplicate keys beside it; or only an error when the text is not YAML.</returns>
    public static (ConfigNode? Root, ImmutableArray<ConfigError> Errors) Read(string text, string name)
    {
        try
        {
            var events = Events(text);
            var duplicates = new HashSet<int>();
            var errors = Duplicates(events, name, duplicates);
            var stream = new YamlStream();
            stream.Load(new Replay([.. events.Where((_, i) => !duplicates.Contains(i))]));
            return stream.Documents.Count == 1
                ? (new ConfigNode(stream.Documents[0].RootNode, "", new ConfigFile(name)), errors)
                : (null, [new ConfigError(name, "", $"expected one YAML document, found {stream.Documents.Count}")]);
        }
        catch (YamlException e)
        {
            return (null, [new ConfigError($"{name}:{e.Start.Line}:{e.Start.Column}", "", $"not valid YAML: {e.Message}")]);
        }
    }

    private static List<ParsingEvent> Events(string text)
    {
        using var reader = new StringReader(text);
        var parser = new Parser(reader);
        var events = new List<ParsingEvent>();
        var depth = 0;
        while (parser.MoveNext())
        {
            var current = parser.Current!;
            depth += current.NestingIncrease;
            if (depth > Deepest || events.Count > MostEvents || current is AnchorAlias && events.Count > MostEvents / 10)
            {
                throw new YamlException(current.Start, current.End, depth > Deepest ? $"nested deeper than {Deepest} levels" : "larger than any run file");
            }

            events.Add(current);
        }

        return events;
    }

    /// <summary>Walks the events and marks the second and further entries of one key, with their values, for removal.</summary>
    private static ImmutableArray<ConfigError> Duplicates(List<ParsingEvent> events, string name, HashSet<int> remove)
    {
        var errors = ImmutableArray.CreateBuilder<ConfigError>();
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i] is not MappingStart)
            {
                continue;
            }

            var keys = new Dictionary<string, Mark>(StringComparer.Ordinal);
            for (var k = i + 1; events[k] is not MappingEnd; k = After(events, After(events, k)))
            {
                if (events[k] is Scalar key && !keys.TryAdd(key.Value, key.Start))
                {
                    errors.Add(new ConfigError($"{name}:{key.Start.Line}:{key.Start.Column}", key.Value, $"this key stands here twice; first at line {keys[key.Value].Line}"));
                    remove.UnionWith(Enumerable.Range(k, After(events, After(events, k)) - k));
                }
            }
        }

        return errors.ToImmutable();
    }

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
