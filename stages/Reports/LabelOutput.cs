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

    /// <summary>A report when more maps have been added to the output that it tells of; any other report as it is.</summary>
    public static StageReport WithLate(StageReport before, long late) => Of(before) is not { } output ? before : before with
    {
        Notes = [.. before.Notes.Select(note => note.Replace(Counted(output.Maps), Counted(output.Maps + late), StringComparison.Ordinal))],
        Detail = (output with { Maps = output.Maps + late }).Detail(),
    };

    /// <param name="kind">As of <see cref="StageReport"/>.</param>
    /// <param name="path">Full path of the folder.</param>
    internal StageReport Report(string kind, string path) => new(kind, [], [$"{Counted(Maps)}{path}."], Detail());

    private static string Counted(long maps) => $"{maps:N0} label maps in ";

    private JsonObject Detail() => new()
    {
        ["folder"] = Folder,
        ["into"] = Place == LabelPlace.Shards ? Shards : "folder",
        ["maps"] = Maps,
    };
}
