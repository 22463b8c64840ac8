using InMARS.Pipeline.Outcomes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InMARS.Pipeline.Configuration;

/// <summary>One value of a run file, with the way to it and the place it stands at.</summary>
/// <param name="Yaml">The value; null where the key is absent.</param>
/// <param name="Path">Path from the root, such as <c>flows.train.steps[2].with</c>; empty at the root.</param>
/// <param name="File">The document it belongs to, which knows the places of its nodes.</param>
public sealed record ConfigNode(YamlNode? Yaml, string Path, ConfigFile File)
{
    public bool IsAbsent => Yaml is null;

    /// <summary>Whether there is nothing to read: no key, or a key with nothing behind it.</summary>
    public bool IsEmpty => Yaml is null or YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any, Value: null or "" or "~" or "null" };

    /// <summary>The text of a scalar; null for lists, maps and absent values.</summary>
    public string? Scalar => (Yaml as YamlScalarNode)?.Value;

    public ConfigError Error(string message) => new(File.Where(Yaml), Path, message);

    /// <summary>What stands here, for "found ..." in messages.</summary>
    public string Found => Yaml switch
    {
        _ when IsEmpty => "nothing",
        YamlScalarNode { Value: "" } => "an empty text",
        YamlScalarNode s when s.Value!.Length > 60 => $"'{s.Value[..57]}...'",
        YamlScalarNode s => $"'{s.Value}'",
        YamlSequenceNode l => $"a list of {l.Children.Count}",
        YamlMappingNode m => $"a map of {m.Children.Count} keys",
        _ => "something else",
    };

    /// <summary>The value under a key; an absent node, placed at this one, when there is none.</summary>
    public ConfigNode this[string key] =>
        Yaml is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(key), out var value)
            ? new ConfigNode(value, Join(key), File)
            : new ConfigNode(null, Join(key), File.At(Yaml));

    /// <summary>The elements of a list, or an error. One that has a name goes by it: <c>flows.train</c>, not <c>flows[0]</c>.</summary>
    public Validated<IReadOnlyList<ConfigNode>> Items() => Yaml is YamlSequenceNode list
        ? Validated.Ok<IReadOnlyList<ConfigNode>>([.. list.Children.Select((child, i) => Named(new ConfigNode(child, $"{Path}[{i}]", File)))])
        : Error($"expected a list, found {Found}");

    /// <summary>The entries of a map in the order of the file, or an error.</summary>
    public Validated<IReadOnlyList<(string Key, ConfigNode Value)>> Entries() => Yaml is YamlMappingNode map
        ? Validated.Ok<IReadOnlyList<(string, ConfigNode)>>(
            [.. map.Children.Select(e => (((YamlScalarNode)e.Key).Value ?? "", new ConfigNode(e.Value, Join(((YamlScalarNode)e.Key).Value ?? ""), File)))])
        : Error($"expected a map, found {Found}");

    private ConfigNode Named(ConfigNode item) => item["name"].Scalar is { Length: > 0 } name ? item with { Path = Join(name) } : item;

    private string Join(string key) => Path.Length == 0 ? key : $"{Path}.{key}";
}
