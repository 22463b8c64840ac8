using System.Globalization;
using System.Text;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;

namespace InMARS.Stages.Reports;

/// <summary><c>clusters.yaml</c>: name and colour of each cluster of a model, which a user may edit.</summary>
/// <param name="Clusters">In the order of their ids, from 0.</param>
public sealed record ClusterLegend(IReadOnlyList<ClusterStyle> Clusters)
{
    public const string FileName = "clusters.yaml";

    private const string Heading = "# Names and colours of the clusters. Edit them: label maps and overlays that are written afterwards follow.\n";

    private static readonly Decoder<string> ColourDecoder = new(
        "a colour such as '#56b4e9', in quotes",
        node => node.Scalar is { } text && Hexadecimal(text) is { } colour ? colour : node.Error($"expected a colour such as '#56b4e9', in quotes, found {node.Found}"),
        colour => $"'{colour}'");

    /// <summary>Red, green, blue of each cluster.</summary>
    public byte[] Rgb { get; } = [.. Clusters.SelectMany(c => Convert.FromHexString(c.Colour.AsSpan(1)))];

    /// <summary>Whether every cluster is called and drawn as where nobody says otherwise.</summary>
    public bool IsDefault => Clusters.SequenceEqual(Default(Clusters.Count).Clusters);

    /// <summary>The file's content.</summary>
    public string Text => Heading + string.Concat(Clusters.Select((c, id) => string.Create(
        CultureInfo.InvariantCulture, $"{id}: {{ name: {Decode.Text.Show(c.Name)}, colour: '{c.Colour}' }}\n")));

    public static ClusterLegend Default(int clusters) => new([.. Enumerable.Range(0, clusters).Select(ClusterStyle.Default)]);

    /// <summary>Reads the file's content; what is left out of an entry is as by default.</summary>
    /// <param name="name">File name for messages.</param>
    public static Validated<ClusterLegend> Parse(string text, string name) => YamlFile.Parse(text, name, root =>
        root.Entries().Bind(entries => entries.Select(e => Entry(e.Key, e.Value)).Gather().Bind(styles => Ordered(root, styles))));

    /// <exception cref="RunException">The file is not there or is no legend.</exception>
    public static ClusterLegend Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path).Match(
                legend => legend, errors => throw new RunException($"not a legend of clusters: {string.Join("; ", errors)}"));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RunException($"there is no legend '{path}'; expected a file as {FileName} of a run", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot read the legend '{path}': {e.Message}", e);
        }
    }

    /// <summary>The legend that goes with weights: in their folder, or in the run directory above; null where there is none.</summary>
    /// <param name="weights">A .safetensors file.</param>
    /// <exception cref="RunException">There is one, and it is no legend of that many clusters.</exception>
    public static ClusterLegend? Beside(string weights, int clusters)
    {
        var folder = Path.GetDirectoryName(weights) ?? "";
        var above = folder.Length == 0 ? ".." : Path.GetDirectoryName(folder) ?? folder;
        var path = new[] { folder, above }.Select(f => Path.Combine(f, FileName)).FirstOrDefault(File.Exists);
        return path is null ? null : Load(path).Of(clusters, path);
    }

    /// <summary>This one, once it is known to have so many clusters.</summary>
    /// <param name="path">For the message.</param>
    /// <exception cref="RunException">It has another number.</exception>
    public ClusterLegend Of(int clusters, string path) => Clusters.Count == clusters
        ? this
        : throw new RunException($"the legend '{path}' has {Clusters.Count} clusters, expected {clusters}");

    /// <exception cref="RunException">The disk is full or the folder is not writable.</exception>
    public void Save(string path) => AtomicFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(Text)));

    private static Validated<(int Id, ClusterStyle Style)> Entry(string key, ConfigNode node) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? Fields.Read(node, f => (id, new ClusterStyle(
                f.Get("name", Decode.Text, ClusterStyle.Default(id).Name, "Name of the cluster."),
                f.Get("colour", ColourDecoder, ClusterStyle.Default(id).Colour, "Its colour."))))
            : node.Error($"expected the id of a cluster as key, found '{key}'");

    private static Validated<ClusterLegend> Ordered(ConfigNode root, IReadOnlyList<(int Id, ClusterStyle Style)> styles)
    {
        var ids = styles.Select(s => s.Id).ToHashSet();
        return Enumerable.Range(0, styles.Count).Where(id => !ids.Contains(id)).Select(id => (int?)id).FirstOrDefault() is { } missing
            ? root.Error($"cluster {missing} is missing; expected ids 0 to {styles.Count - 1}, each once")
            : new ClusterLegend([.. styles.OrderBy(s => s.Id).Select(s => s.Style)]);
    }

    private static string? Hexadecimal(string text)
    {
        var digits = text.TrimStart('#').ToLowerInvariant();
        return digits.Length == 6 && digits.All(char.IsAsciiHexDigit) ? $"#{digits}" : null;
    }
}
