using YamlDotNet.RepresentationModel;

namespace InMARS.Pipeline.Configuration;

/// <summary>YAML nodes from and to text.</summary>
internal static class YamlText
{
    /// <summary>The one node that <paramref name="yaml"/> holds.</summary>
    public static YamlNode Parse(string yaml)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(yaml);
        stream.Load(reader);
        return stream.Documents.Count > 0 ? stream.Documents[0].RootNode : new YamlScalarNode("");
    }

    public static string Write(YamlNode node)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        new YamlStream(new YamlDocument(node)).Save(writer, assignAnchors: false);
        var text = writer.ToString().Replace("\r", "");
        return text.EndsWith("...\n", StringComparison.Ordinal) ? text[..^4] : text;
    }
}
