using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace InMARS.Cli.Planning;

/// <summary>Folders of a run directory whose number of files does not grow with the images, by what the run file says.</summary>
internal static class LimitedFolders
{
    /// <summary>The last model, its card, and what was selected.</summary>
    private const long ModelFiles = 3;

    /// <summary>Folder names, and the files that each gets at most.</summary>
    /// <param name="resolved">The run file with all its defaults.</param>
    public static IReadOnlyDictionary<string, long> Of(string resolved)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(resolved));
        return stream.Documents.SelectMany(d => d.AllNodes).OfType<YamlMappingNode>()
            .Select(Limit)
            .OfType<(string Folder, long Most)>()
            .GroupBy(l => l.Folder)
            .ToDictionary(g => g.Key, g => g.Sum(l => l.Most));
    }

    private static (string Folder, long Most)? Limit(YamlMappingNode step) => Text(step, "use") switch
    {
        "write.overlay" when step.Children.TryGetValue("with", out var with) && with is YamlMappingNode options
            && Text(options, "folder") is { } folder && Number(options, "limit") is { } limit => (folder, limit),
        { } use when use.StartsWith("learn.", StringComparison.Ordinal) => ("checkpoints", Snapshots(step) + ModelFiles),
        _ => null,
    };

    private static long Snapshots(YamlMappingNode step) =>
        2 * (step.AllNodes.OfType<YamlMappingNode>().Select(node => Number(node, "snapshots")).FirstOrDefault(n => n is not null) ?? 0);

    private static long? Number(YamlMappingNode map, string key) =>
        long.TryParse(Text(map, key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Text(YamlMappingNode map, string key) =>
        map.Children.TryGetValue(key, out var value) ? (value as YamlScalarNode)?.Value : null;
}
