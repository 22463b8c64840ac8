using System.Runtime.CompilerServices;
using YamlDotNet.RepresentationModel;

namespace InMARS.Pipeline.Configuration;

/// <summary>A document: knows where each of its nodes stands, also those that came from the command line.</summary>
public sealed class ConfigFile
{
    private readonly Dictionary<YamlNode, string> _places = new(ReferenceComparer.Instance);
    private readonly YamlNode? _fallback;
    private readonly ConfigFile? _parent;

    public ConfigFile(string name) => Name = name;

    private ConfigFile(ConfigFile parent, YamlNode? fallback)
    {
        Name = parent.Name;
        _parent = parent;
        _fallback = fallback;
    }

    public static ConfigFile Empty { get; } = new("");

    /// <summary>The file as the user named it.</summary>
    public string Name { get; }

    /// <summary>File, line and column of a node, or the override that set it.</summary>
    public string Where(YamlNode? node) => (node ?? _fallback) switch
    {
        null => Name,
        { } n when (_parent ?? this)._places.TryGetValue(n, out var place) => place,
        { } n => $"{Name}:{n.Start.Line}:{n.Start.Column}",
    };

    /// <summary>The same document, with absent values placed at <paramref name="node"/>.</summary>
    internal ConfigFile At(YamlNode? node) => new(_parent ?? this, node);

    /// <summary>Says where a node comes from that does not stand in the file.</summary>
    internal void Place(YamlNode node, string where) => (_parent ?? this)._places[node] = where;

    /// <summary>Writes a default into the tree, so that the resolved configuration says everything.</summary>
    internal void Resolve(YamlNode? map, string key, string yaml)
    {
        if (map is YamlMappingNode mapping && (_parent ?? this) != Empty && !mapping.Children.ContainsKey(new YamlScalarNode(key)))
        {
            mapping.Add(key, YamlText.Parse(yaml));
        }
    }

    /// <summary>The map under a key; where there is nothing, an empty one that is put into the tree if it can be.</summary>
    internal ConfigNode MapAt(ConfigNode parent, string key)
    {
        var at = parent[key];
        if (!at.IsEmpty)
        {
            return at;
        }

        var added = new YamlMappingNode();
        if (parent.Yaml is YamlMappingNode mapping && (_parent ?? this) != Empty)
        {
            Place(added, Where(at.Yaml ?? mapping));
            mapping.Children[new YamlScalarNode(key)] = added;
        }

        return at with { Yaml = added };
    }

    private sealed class ReferenceComparer : IEqualityComparer<YamlNode>
    {
        public static ReferenceComparer Instance { get; } = new();

        public bool Equals(YamlNode? x, YamlNode? y) => ReferenceEquals(x, y);

        public int GetHashCode(YamlNode obj) => RuntimeHelpers.GetHashCode(obj);
    }
}
