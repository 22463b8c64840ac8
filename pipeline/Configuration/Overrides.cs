using System.Globalization;
using InMARS.Pipeline.Outcomes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InMARS.Pipeline.Configuration;

/// <summary>Values set on the command line, put into the tree before it is read, so that errors look the same.</summary>
/// <remarks>
/// A path is keys joined by dots. An element of a list is named by its number in brackets or by its <c>name</c> or
/// <c>use</c>: <c>flows.train.steps.superpixel.slic.with.region_size=8</c>.
/// </remarks>
internal static class Overrides
{
    /// <summary>Applies <c>path=value</c>; returns what is wrong with it, or null.</summary>
    public static ConfigError? Apply(ConfigNode root, string assignment)
    {
        var where = $"--set {assignment}";
        var equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1)
        {
            return new ConfigError(where, "", "expected path=value, such as flows.train.epochs=3");
        }

        try
        {
            var value = YamlText.Parse(assignment[(equals + 1)..]);
            Mark(root.File, value, where);
            return Put(root, root.Yaml!, assignment[..equals].Trim(), value, where);
        }
        catch (YamlException e)
        {
            return new ConfigError(where, "", $"the value is not valid YAML: {e.Message}");
        }
    }

    private static ConfigError? Put(ConfigNode root, YamlNode node, string path, YamlNode value, string where)
    {
        switch (node)
        {
            case YamlSequenceNode list:
                var (index, rest) = Element(list, path);
                if (index is null)
                {
                    return new ConfigError(where, "", $"the list has no element '{First(path)}'{Nearest.Hint(First(path), list.Select(NameOf).OfType<string>())}");
                }

                if (rest.Length > 0)
                {
                    return Put(root, list.Children[index.Value], rest, value, where);
                }

                list.Children[index.Value] = value;
                return null;
            case YamlMappingNode map:
                return PutInMap(root, map, path, value, where);
            default:
                return new ConfigError(where, "", $"'{First(path)}' would stand below a plain value");
        }
    }

    private static ConfigError? PutInMap(ConfigNode root, YamlMappingNode map, string path, YamlNode value, string where)
    {
        var key = First(path);
        var rest = path[key.Length..].TrimStart('.');
        if (rest.Length == 0)
        {
            map.Children[KeyNode(root, key, where)] = value;
            return null;
        }

        if (!map.Children.TryGetValue(new YamlScalarNode(key), out var child) || child is YamlScalarNode { Value: null or "" })
        {
            child = new YamlMappingNode();
            root.File.SetBy(child, where);
            map.Children[KeyNode(root, key, where)] = child;
        }

        return Put(root, child, rest, value, where);
    }

    private static YamlScalarNode KeyNode(ConfigNode root, string key, string where)
    {
        var node = new YamlScalarNode(key);
        root.File.SetBy(node, where);
        return node;
    }

    /// <summary>The element a path begins with, and the path behind it. The longest name that fits wins, and it must be the only one.</summary>
    private static (int? Index, string Below) Element(YamlSequenceNode list, string path)
    {
        if (path.StartsWith('[') && path.IndexOf(']') is > 0 and var close
            && int.TryParse(path[1..close], CultureInfo.InvariantCulture, out var number) && number >= 0 && number < list.Children.Count)
        {
            return (number, path[(close + 1)..].TrimStart('.'));
        }

        var fits = list.Select((child, i) => (Name: NameOf(child), Index: i))
            .Where(e => e.Name is not null && (path == e.Name || path.StartsWith(e.Name + ".", StringComparison.Ordinal) || path.StartsWith(e.Name + "[", StringComparison.Ordinal)))
            .OrderByDescending(e => e.Name!.Length)
            .ToList();
        return fits.Count == 0 || (fits.Count > 1 && fits[0].Name == fits[1].Name)
            ? (null, "")
            : (fits[0].Index, path[fits[0].Name!.Length..].TrimStart('.'));
    }

    private static string? NameOf(YamlNode node) => node is YamlMappingNode map
        ? (Value(map, "name") ?? Value(map, "use") ?? Value(map, "steps"))
        : null;

    private static string? Value(YamlMappingNode map, string key) =>
        map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? (value as YamlScalarNode)?.Value : null;

    private static string First(string path)
    {
        var end = path.IndexOfAny(['.', '['], path.StartsWith('[') ? 1 : 0);
        return end < 0 ? path : path[..end];
    }

    private static void Mark(ConfigFile file, YamlNode node, string where)
    {
        foreach (var each in node.AllNodes)
        {
            file.SetBy(each, where);
        }
    }
}
