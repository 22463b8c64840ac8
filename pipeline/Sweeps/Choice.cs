using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;
using YamlDotNet.RepresentationModel;

namespace InMARS.Pipeline.Sweeps;

/// <summary>A task or a variant of a sweep file: a name, perhaps a run file of its own, and values to set.</summary>
/// <param name="Base">Where the file's name stands; null where it has none.</param>
/// <param name="Sets">In the order of the file.</param>
internal sealed record Choice(string Name, ConfigNode? Base, IReadOnlyList<Override> Sets)
{
    private const string BaseKey = "base";
    private static readonly string[] Reserved = ["run.name", "run.output", "run.seed", "run.repeats"];

    /// <summary>The choices under a key; what is wrong with one is told and the rest goes on, so that all errors are found.</summary>
    /// <returns>Null where the key is absent.</returns>
    public static IReadOnlyList<Choice>? Several(Fields fields, string key, string summary)
    {
        if (fields.Optional(key, Decode.Node, summary) is not { } node)
        {
            return null;
        }

        var entries = fields.Take(Entries(node)) ?? [];
        if (node.Yaml is YamlMappingNode && entries.Count == 0)
        {
            fields.Refuse(key, "expected at least one name, found none");
        }

        return [.. entries.Select(entry => One(fields, entry.Key, entry.Value))];
    }

    private static Choice One(Fields fields, ConfigNode key, ConfigNode value)
    {
        var name = fields.Take(Decode.Name.Read(key)) ?? "";
        var entries = value.IsEmpty ? [] : fields.Take(Entries(value)) ?? [];
        foreach (var reserved in entries.Where(e => Reserved.Contains(e.Key.Scalar)))
        {
            fields.Take<object>(reserved.Key.Error("the sweep itself sets this"));
        }

        var sets = entries.Where(e => e.Key.Scalar != BaseKey && !Reserved.Contains(e.Key.Scalar));
        return new Choice(
            name,
            entries.Where(e => e.Key.Scalar == BaseKey).Select(e => e.Value).FirstOrDefault(),
            [.. sets.Select(e => Overrides.Of(e.Key, e.Value))]);
    }

    /// <summary>The entries of a map with the places of their keys.</summary>
    private static Validated<IReadOnlyList<(ConfigNode Key, ConfigNode Value)>> Entries(ConfigNode node) => node.Yaml is YamlMappingNode map
        ? Validated.Ok<IReadOnlyList<(ConfigNode, ConfigNode)>>([.. map.Children.Select(e => (
            new ConfigNode(e.Key, $"{node.Path}.{e.Key}", node.File), new ConfigNode(e.Value, $"{node.Path}.{e.Key}", node.File)))])
        : node.Error($"expected a map, found {node.Found}");
}
