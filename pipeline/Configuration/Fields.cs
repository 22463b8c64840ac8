using System.Collections.Immutable;
using InMARS.Pipeline.Outcomes;
using YamlDotNet.RepresentationModel;

namespace InMARS.Pipeline.Configuration;

/// <summary>What the documentation says of one key.</summary>
/// <param name="Default">YAML text of the default; null where the key is required.</param>
public sealed record FieldNote(string Key, string Expected, string? Default, string Summary);

/// <summary>
/// Reads a map into a record, one call a key. Gathers the errors of all keys, refuses keys that nobody asked for,
/// writes defaults into the resolved configuration, and is at the same time the source of the documentation.
/// </summary>
/// <remarks>
/// A key in error yields <c>default</c>; the record made of it is thrown away, so its constructor must not throw.
/// </remarks>
public sealed class Fields
{
    private readonly List<FieldNote> _notes = [];
    private readonly ImmutableArray<ConfigError>.Builder _errors = ImmutableArray.CreateBuilder<ConfigError>();

    private Fields(ConfigNode node) => Node = node;

    /// <summary>The map being read.</summary>
    public ConfigNode Node { get; }

    /// <summary>The keys asked for so far, for the documentation.</summary>
    public IReadOnlyList<FieldNote> Notes => _notes;

    /// <summary>Reads a whole map.</summary>
    public static Validated<T> Read<T>(ConfigNode node, Func<Fields, T> read)
    {
        if (!node.IsEmpty && node.Yaml is not YamlMappingNode)
        {
            return node.Error($"expected a map, found {node.Found}");
        }

        var fields = new Fields(node);
        var value = read(fields);
        fields.RefuseUnknownKeys();
        return fields._errors.Count == 0 ? Validated.Ok(value) : new Validated<T>.Invalid(fields._errors.ToImmutable());
    }

    /// <summary>The keys that <paramref name="read"/> asks for, found by reading an empty map.</summary>
    public static IReadOnlyList<FieldNote> Describe<T>(Func<Fields, T> read)
    {
        var fields = new Fields(new ConfigNode(new YamlMappingNode(), "", ConfigFile.Empty));
        _ = read(fields);
        return fields.Notes;
    }

    /// <summary>A key that must be there.</summary>
    public T Require<T>(string key, Decoder<T> decoder, string summary)
    {
        _notes.Add(new FieldNote(key, decoder.Expected, null, summary));
        var at = Node[key];
        return at.IsAbsent ? Fail<T>(at.Error($"expected {decoder.Expected}, found nothing")) : Take(decoder.Read(at));
    }

    /// <summary>A key that may be absent.</summary>
    public T Get<T>(string key, Decoder<T> decoder, T otherwise, string summary)
    {
        var shown = decoder.Show(otherwise);
        _notes.Add(new FieldNote(key, decoder.Expected, shown, summary));
        var at = Node[key];
        if (!at.IsAbsent)
        {
            return Take(decoder.Read(at));
        }

        if (shown.Length > 0)
        {
            Node.File.Resolve(Node.Yaml, key, shown);
        }

        return otherwise;
    }

    /// <summary>A key that may be absent and has no default worth showing.</summary>
    public T? Optional<T>(string key, Decoder<T> decoder, string summary)
        where T : class
    {
        _notes.Add(new FieldNote(key, decoder.Expected, "", summary));
        var at = Node[key];
        return at.IsAbsent ? null : Take(decoder.Read(at));
    }

    /// <summary>A map within this one.</summary>
    public T Group<T>(string key, Func<Fields, T> read, string summary)
    {
        foreach (var note in Describe(read))
        {
            _notes.Add(note with { Key = $"{key}.{note.Key}" });
        }

        _notes.Add(new FieldNote(key, "a map", "", summary));
        return Take(Read(Node.File.MapAt(Node, key), read));
    }

    /// <summary>Adds an error of a rule that spans several keys.</summary>
    public void Refuse(string key, string message) => _errors.Add(Node[key].Error(message));

    /// <summary>Takes a value validated elsewhere, or its errors.</summary>
    public T Take<T>(Validated<T> value) => value.Match(v => v, errors =>
    {
        _errors.AddRange(errors);
        return default(T)!;
    });

    private T Fail<T>(ConfigError error)
    {
        _errors.Add(error);
        return default!;
    }

    private void RefuseUnknownKeys()
    {
        // Notes of a group carry the group's name, as in "rejects.max"; such a key is none of this map.
        var known = _notes.Select(n => n.Key).Where(k => !k.Contains('.')).ToHashSet();
        foreach (var key in (Node.Yaml as YamlMappingNode)?.Children.Keys ?? [])
        {
            var name = ((YamlScalarNode)key).Value ?? "";
            if (!known.Contains(name))
            {
                _errors.Add(new ConfigError(Node.File.Where(key), Node[name].Path, $"unknown key{Nearest.Hint(name, known)}"));
            }
        }
    }
}
