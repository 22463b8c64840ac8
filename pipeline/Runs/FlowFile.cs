using System.Text.Json;
using System.Text.Json.Serialization;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Runs;

/// <summary><c>resume/flow-NAME.json</c>: what a flow did, with its times; a run that is resumed tells it in its summary too.</summary>
internal static class FlowFile
{
    private const string Folder = "resume";
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <exception cref="RunException">The disk is full or the folder is not writable.</exception>
    public static void Write(RunDirectory directory, FlowSummary flow) =>
        AtomicFile.Write(directory.File(Folder, $"flow-{flow.Flow}.json"), file => JsonSerializer.Serialize(file, flow, Options));

    /// <exception cref="RunException">The file is missing or damaged.</exception>
    public static FlowSummary Read(RunDirectory directory, string flow)
    {
        var path = directory.File(Folder, $"flow-{flow}.json");
        try
        {
            return JsonSerializer.Deserialize<FlowSummary>(File.ReadAllBytes(path), Options)!;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new RunException($"cannot read '{path}': {e.Message}", e);
        }
    }
}
