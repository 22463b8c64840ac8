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

    /// <summary>A map of names to choices.</summary>
    public static Decoder<IReadOnlyList<Choice>> Several { get; } = new(
        "a map of names, each with the values that it sets",
        node => Entries(node).Bind(entries => entries.Count == 0
            ? node.Error("expected at least one name, found none")
            : entries.Select(e => (Decode.Name.Read(e.Key), ReadSets(e.Value)).Apply((name, read) => new Choice(name, read.Base, read.Sets))).Gather()),
        _ => "");

    private static Validated<(ConfigNode? Base, IReadOnlyList<Override> Sets)> ReadSets(ConfigNode node)
    {
        if (node.IsEmpty)
        {
            return (null, []);
        }

        return Entries(node).Bind(entries =>
        {
            var file = entries.Where(e => e.Key.Scalar == BaseKey).Select(e => e.Value).FirstOrDefault();
            var named = file is null ? Validated.Ok("") : Decode.Text.Read(file);
            var sets = entries.Where(e => e.Key.Scalar != BaseKey).Select(Set).Gather();
            return (named, sets).Apply((_, all) => (file, all));
        });
    }

    private static Validated<Override> Set((ConfigNode Key, ConfigNode Value) entry) => Reserved.Contains(entry.Key.Scalar)
        ? entry.Key.Error("the sweep itself sets this")
        : Validated.Ok(Overrides.Of(entry.Key, entry.Value));

    /// <summary>The entries of a map with the places of their keys.</summary>
    private static Validated<IReadOnlyList<(ConfigNode Key, ConfigNode Value)>> Entries(ConfigNode node) => node.Yaml is YamlMappingNode map
        ? Validated.Ok<IReadOnlyList<(ConfigNode, ConfigNode)>>([.. map.Children.Select(e => (
            new ConfigNode(e.Key, $"{node.Path}.{e.Key}", node.File), new ConfigNode(e.Value, $"{node.Path}.{e.Key}", node.File)))])
        : node.Error($"expected a map, found {node.Found}");
}
