using System.Text.Encodings.Web;
using System.Text.Json;

namespace InMARS.Cli.RunFiles;

/// <summary>Values as they stand in the run files that commands compose.</summary>
internal static class Yaml
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A text in double quotes; YAML reads JSON's escapes.</summary>
    public static string Quote(string text) => JsonSerializer.Serialize(text, Options);
}
