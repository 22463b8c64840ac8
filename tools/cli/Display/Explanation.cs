using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Runs;

namespace InMARS.Cli.Display;

/// <summary>What resuming a run would use again and do again, and why.</summary>
internal static class Explanation
{
    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A line for each flow, and below it one for epochs or files that have the same fate; then one for each difference.</summary>
    public static string Text(IReadOnlyList<FlowFate> fates, IReadOnlyList<string> differences) => string.Concat(fates
        .SelectMany(fate => fate.Parts.Select(part => $"  {Line(part, fate.Parts.Any(p => p.LastEpoch > 1))}").Prepend(Line(fate)))
        .Concat(differences.Select(difference => $"changed: {Plain.OneLine(difference)}; --accept goes on all the same"))
        .Select(line => line + "\n"));

    /// <summary>The same as one JSON object; epochs count from 1, samples from 0.</summary>
    public static string Json(string directory, IReadOnlyList<FlowFate> fates, IReadOnlyList<string> differences) => new JsonObject
    {
        ["directory"] = directory,
        ["flows"] = new JsonArray([.. fates.Select(Node)]),
        ["changed"] = new JsonArray([.. differences.Select(d => JsonValue.Create(d))]),
    }.ToJsonString(Form) + "\n";

    private static string Line(FlowFate fate)
    {
        var parts = new[] { fate.Reuse is { } reuse ? $"reuse {reuse}" : null, fate.Redo is { } redo ? $"do {redo}" : null }.OfType<string>();
        return $"{fate.Flow}: {string.Join("; ", parts)} ({fate.Reason})";
    }

    /// <param name="several">Whether the flow has several epochs, so that each must be named.</param>
    private static string Line(PartFate part, bool several)
    {
        var epochs = part.FirstEpoch == part.LastEpoch ? $"epoch {part.FirstEpoch}" : $"epochs {part.FirstEpoch} to {part.LastEpoch}";
        var place = part.FirstFile is null ? epochs : several ? $"{epochs}, {Files(part)}" : Files(part);
        return Plain.OneLine($"{place}: {What(part)} ({part.Reason})");
    }

    private static string Files(PartFate part) => part.Files == 1
        ? Path.GetFileName(part.FirstFile!)
        : $"{Path.GetFileName(part.FirstFile!)} to {Path.GetFileName(part.LastFile!)}, {Plain.Count(part.Files, "file")}";

    private static string What(PartFate part) => part.Fate switch
    {
        Fate.Reuse => "reuse",
        Fate.GoOn => string.Create(CultureInfo.InvariantCulture, $"go on at sample {part.Sample}"),
        Fate.Redo => "do again",
        _ => "to do",
    };

    private static JsonNode Node(FlowFate fate) => new JsonObject
    {
        ["flow"] = fate.Flow,
        ["reuse"] = fate.Reuse,
        ["do"] = fate.Redo,
        ["reason"] = fate.Reason,
        ["parts"] = new JsonArray([.. fate.Parts.Select(part => new JsonObject
        {
            ["first_epoch"] = part.FirstEpoch,
            ["last_epoch"] = part.LastEpoch,
            ["first_file"] = part.FirstFile,
            ["last_file"] = part.LastFile,
            ["files"] = part.Files,
            ["fate"] = part.Fate == Fate.GoOn ? "go on" : What(part),
            ["sample"] = part.Sample,
            ["reason"] = part.Reason,
        })]),
    };
}
