using System.Globalization;
using InMARS.Pipeline.Outcomes;
using YamlDotNet.RepresentationModel;

namespace InMARS.Pipeline.Configuration;

/// <summary>Puts one value into the tree of a run file before it is read; returns what is wrong with it, or null.</summary>
internal delegate ConfigError? Override(ConfigNode root);

/// <summary>Values set on the command line or by a sweep, put into the tree before it is read, so that errors look the same.</summary>
/// <remarks>
/// A path is keys joined by dots. An element of a list is named by its number in brackets or by its <c>name</c> or
/// <c>use</c>: <c>flows.train.steps.superpixel.slic.with.region_size=8</c>.
/// </remarks>
internal static class Overrides
{
    /// <summary>Trees are walked by recursion, which has no end that could be caught.</summary>
    private const int DeepestPath = 64;

    /// <summary>A value of the command line, <c>path=value</c>.</summary>
    public static Override Of(string assignment) => root => Apply(root, assignment);

    /// <summary>A plain value that the program itself sets. Where the file leaves no place for it, reading the file says so.</summary>
    public static Override Of(string path, string value) => root =>
    {
        var put = new Assignment(root.File, new YamlScalarNode(value), path);
        put.Mark(put.Value);
        _ = put.Into(root.Yaml!, path);
        return null;
    };

    /// <summary>A value that stands in another file under the path as its key; its errors are placed there.</summary>
    /// <param name="key">The path.</param>
    public static Override Of(ConfigNode key, ConfigNode value) => root =>
    {
        var path = key.Scalar ?? "";
        if (IsNoPath(path))
        {
            return key.Error("expected a path, such as flows.train.epochs");
        }

        var put = new Assignment(root.File, Copy(value.Yaml ?? new YamlScalarNode(""), value.File, root.File), key.File.Where(key.Yaml));
        return put.Into(root.Yaml!, path) is { } message ? key.Error(message) : null;
    };

    private static bool IsNoPath(string path) => path.Split('.') is var keys && (keys.Length > DeepestPath || keys.Contains(""));

    private static ConfigError? Apply(ConfigNode root, string assignment)
    {
        var where = $"--set {assignment}";
        var equals = assignment.IndexOf('=', StringComparison.Ordinal);
        var path = equals < 0 ? "" : assignment[..equals].Trim();
        if (IsNoPath(path))
        {
            return new ConfigError(where, "", "expected path=value, such as flows.train.epochs=3");
        }

        var (value, error) = Value(assignment[(equals + 1)..]);
        if (error is not null)
        {
            return new ConfigError(where, error.Path, error.Message);
        }

        var put = new Assignment(root.File, value, where);
        put.Mark(value);
        return put.Into(root.Yaml!, path) is { } message ? new ConfigError(where, "", message) : null;
    }

    private static (YamlNode Value, ConfigError? Error) Value(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return (new YamlScalarNode(""), null);
        }

        var (node, errors) = YamlReader.Read(text, "");
        return (node?.Yaml ?? new YamlScalarNode(""), errors.FirstOrDefault());
    }

    /// <summary>Each tree has nodes of its own, for reading one writes defaults into it; the places are those of the original.</summary>
    private static YamlNode Copy(YamlNode node, ConfigFile from, ConfigFile to)
    {
        YamlNode copy = node switch
        {
            YamlScalarNode s => new YamlScalarNode(s.Value) { Style = s.Style },
            YamlSequenceNode l => new YamlSequenceNode(l.Children.Select(c => Copy(c, from, to))) { Style = l.Style },
            YamlMappingNode m => new YamlMappingNode(m.Children.Select(c => KeyValuePair.Create(Copy(c.Key, from, to), Copy(c.Value, from, to)))) { Style = m.Style },
            _ => node,
        };
        to.Place(copy, from.Where(node));
        return copy;
    }

    /// <summary>One value on its way down the tree.</summary>
    private sealed record Assignment(ConfigFile File, YamlNode Value, string Where)
    {
        /// <returns>What stopped it, or null.</returns>
        public string? Into(YamlNode node, string path) => node switch
        {
            YamlSequenceNode list => IntoList(list, path),
            YamlMappingNode map => IntoMap(map, path),
            _ => $"'{First(path)}' would stand below a plain value",
        };

        public YamlNode Mark(YamlNode node)
        {
            foreach (var each in node.AllNodes)
            {
                File.Place(each, Where);
            }

            return node;
        }

        private string? IntoMap(YamlMappingNode map, string path)
        {
            var key = First(path);
            var rest = path[key.Length..].TrimStart('.');
            if (rest.Length == 0)
            {
                map.Children[Key(key)] = Value;
                return null;
            }

            if (!map.Children.TryGetValue(new YamlScalarNode(key), out var child) || new ConfigNode(child, "", File).IsEmpty)
            {
                child = Mark(new YamlMappingNode());
                map.Children[Key(key)] = child;
            }

            return Into(child, rest);
        }

        private string? IntoList(YamlSequenceNode list, string path)
        {
            var (index, rest, wrong) = Element(list, path);
            if (wrong is not null || rest.Length > 0)
            {
                return wrong ?? Into(list.Children[index], rest);
            }

            list.Children[index] = Value;
            return null;
        }

        private YamlNode Key(string key) => Mark(new YamlScalarNode(key));
    }

    /// <summary>The element a path begins with, and the path behind it, or why there is none.</summary>
    private static (int Index, string Below, string? Wrong) Element(YamlSequenceNode list, string path)
    {
        if (path.StartsWith('['))
        {
            var number = First(path);
            return number.EndsWith(']') && int.TryParse(number[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Children.Count
                ? (index, path[number.Length..].TrimStart('.'), null)
                : (0, "", $"the list has no element {number}; it has {list.Children.Count}, and the first is [0]");
        }

        // Names may hold dots themselves, so the longest that fits is meant.
        var fits = list.Select((child, i) => (Name: NameOf(child), Index: i))
            .Where(e => e.Name is not null && (path + ".").StartsWith(e.Name + ".", StringComparison.Ordinal))
            .GroupBy(e => e.Name!, e => e.Index)
            .MaxBy(g => g.Key.Length)?.ToList();
        return fits switch
        {
            null => (0, "", $"the list has no element '{First(path)}'{Nearest.Hint(First(path), list.Select(NameOf).OfType<string>())}"),
            [var only] => (only, path[NameOf(list.Children[only])!.Length..].TrimStart('.'), null),
            _ => (0, "", $"the list has {fits.Count} elements '{NameOf(list.Children[fits[0]])}'; say which by its number: {string.Join(" or ", fits.Select(i => $"[{i}]"))}"),
        };
    }

    private static string? NameOf(YamlNode node) => node is YamlMappingNode map
        ? (Text(map, "name") ?? Text(map, "use") ?? Text(map, "steps"))
        : null;

    private static string? Text(YamlMappingNode map, string key) =>
        map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? (value as YamlScalarNode)?.Value : null;

    /// <summary>The first key of a path, or its first number in brackets.</summary>
    private static string First(string path)
    {
        var end = path.StartsWith('[') ? path.IndexOf(']', StringComparison.Ordinal) + 1 : path.IndexOfAny(['.', '[']);
        return end <= 0 ? path : path[..end];
    }
}
