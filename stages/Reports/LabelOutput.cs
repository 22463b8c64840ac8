using System.Text.Json.Nodes;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Reports;

/// <summary>Where a flow has written label maps, as it tells in its report.</summary>
/// <param name="Folder">Below the run directory.</param>
/// <param name="Maps">Number of the maps.</param>
public sealed record LabelOutput(string Folder, LabelPlace Place, long Maps)
{
    private const string Shards = "shards";

    /// <summary>What a report says; null where it is none of label maps.</summary>
    public static LabelOutput? Of(StageReport report) => (string?)report.Detail?["folder"] is { } folder && (string?)report.Detail["into"] is { } into
        ? new LabelOutput(folder, into == Shards ? LabelPlace.Shards : LabelPlace.Folder, (long?)report.Detail["maps"] ?? 0)
        : null;

    /// <summary>The report of a writer when more maps have been added to its output.</summary>
    /// <param name="run">Path of the run directory.</param>
    public StageReport Report(StageReport before, string run) => before with
    {
        Notes = [Note(Maps, Path.Combine(run, Folder))],
        Detail = Detail(),
    };

    /// <param name="kind">As of <see cref="StageReport"/>.</param>
    /// <param name="path">Full path of the folder.</param>
    internal StageReport Report(string kind, string path) => new(kind, [], [Note(Maps, path)], Detail());

    private static string Note(long maps, string path) => $"{maps:N0} label maps in {path}.";

    private JsonObject Detail() => new()
    {
        ["folder"] = Folder,
        ["into"] = Place == LabelPlace.Shards ? Shards : "folder",
        ["maps"] = Maps,
    };
}
