using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InMARS.Cli.RunFiles;

/// <summary>What the run that trained a model did to its images; predicting does the same unless told otherwise.</summary>
/// <param name="Bands"><c>with.bands</c> of its <c>image.decode</c>, as text.</param>
/// <param name="Resize"><c>with:</c> of its <c>image.resize</c>, as YAML; null where it had none.</param>
/// <param name="Cut"><c>with:</c> of its <c>superpixel.slic</c>, key by key.</param>
internal sealed record Preparation(string Bands, string? Resize, IReadOnlyDictionary<string, string> Cut)
{
    private const string Resolved = "config.resolved.yaml";

    public static Preparation Unknown { get; } = new("3", null, new Dictionary<string, string>());

    /// <param name="weights">A .safetensors file; where it lies in a run directory, that run's file is read.</param>
    public static Preparation Of(string weights)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(weights)) ?? "";
        var file = new[] { folder, Path.Combine(folder, "..") }.Select(f => Path.Combine(f, Resolved)).FirstOrDefault(File.Exists);
        return file is null ? Unknown : Read(File.ReadAllText(file));
    }

    internal static Preparation Read(string text)
    {
        var steps = Steps(text);
        var decode = With(steps, "image.decode");
        var resize = With(steps, "image.resize");
        return new Preparation(
            decode?.GetValueOrDefault("bands") ?? Unknown.Bands,
            resize is null ? null : $"{{ {string.Join(", ", resize.Select(o => $"{o.Key}: {o.Value}"))} }}",
            With(steps, "superpixel.slic") ?? Unknown.Cut);
    }

    private static IReadOnlyList<YamlMappingNode> Steps(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return [.. stream.Documents.SelectMany(d => d.AllNodes).OfType<YamlMappingNode>().Where(m => m.Children.ContainsKey("use"))];
        }
        catch (YamlException)
        {
            // Someone's own file of that name: the defaults serve.
            return [];
        }
    }

    /// <summary>The plain options of the first step of this name.</summary>
    private static Dictionary<string, string>? With(IReadOnlyList<YamlMappingNode> steps, string name) =>
        steps.FirstOrDefault(s => (s.Children["use"] as YamlScalarNode)?.Value == name)?.Children.TryGetValue("with", out var with) == true
            ? (with as YamlMappingNode)?.Children
                .Where(o => o is { Key: YamlScalarNode, Value: YamlScalarNode })
                .ToDictionary(o => ((YamlScalarNode)o.Key).Value!, o => ((YamlScalarNode)o.Value).Value ?? "")
            : null;
}
