using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Modules;

/// <summary>Asks a module for its stages and believes nothing it says.</summary>
internal static class ModuleEntries
{
    private const int Most = 10_000;

    /// <summary>The stages of a module, or one error that names it.</summary>
    public static Validated<IReadOnlyList<StageEntry>> Of(IStageModule module, ConfigNode at)
    {
        var name = module.GetType().FullName;
        try
        {
            var entries = module.Entries?.Take(Most + 1).ToList();
            return Flaw(entries) is { } flaw ? at.Error($"module '{name}' {flaw}") : Validated.Ok<IReadOnlyList<StageEntry>>(entries!);
        }
        catch (Exception e)
        {
            // Code of others may throw anything, and whose it is must be told.
            return at.Error($"module '{name}' failed to list its stages: {e.Message}");
        }
    }

    private static string? Flaw(List<StageEntry>? entries) =>
        entries is null ? "lists no stages"
        : entries.Count > Most ? $"lists more than {Most} stages"
        : entries.Exists(e => e is null) ? "lists a stage that is null"
        : entries.Exists(e => string.IsNullOrWhiteSpace(e.Name)) ? "lists a stage without a name"
        : entries.Find(e => e.Read is null) is { } mute ? $"lists a stage '{mute.Name}' that cannot be read from a run file"
        : entries.CountBy(e => e.Name).FirstOrDefault(n => n.Value > 1) is { Key: { } twice } ? $"lists '{twice}' twice"
        : null;
}
