using System.Text.Json.Nodes;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Reports;

/// <summary>Where a flow has written label maps, as it tells in its report.</summary>
/// <param name="Folder">Below the run directory.</param>
public sealed record LabelOutput(string Folder, LabelPlace Place)
{
    private const string Shards = "shards";

    /// <summary>What a report says; null where it is none of label maps.</summary>
    public static LabelOutput? Of(StageReport report) => (string?)report.Detail?["folder"] is { } folder && (string?)report.Detail["into"] is { } into
        ? new LabelOutput(folder, into == Shards ? LabelPlace.Shards : LabelPlace.Folder)
        : null;

    internal static JsonObject Detail(LabelWriterOptions options) => new()
    {
        ["folder"] = options.Folder,
        ["into"] = options.Into == LabelPlace.Shards ? Shards : "folder",
    };
}
