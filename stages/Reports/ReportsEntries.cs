using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;

namespace InMARS.Stages.Reports;

/// <summary>The entries of this folder.</summary>
public static class ReportsEntries
{
    public static IEnumerable<StageEntry> All =>
    [
        StageEntry.Sink(
            "write.labels",
            "Writes label maps as PNG: into tar shards that mirror the input shards, or into a folder.",
            "Emits files, each under its name only when it is whole. Holds back nothing. Fails items whose key cannot be a file name or came before; a full disk stops the run.",
            (f, step) => LabelWriter.Sink("write.labels", step.Flow, ReadLabels(f))),
        StageEntry.Sink(
            "write.overlay",
            "Draws the first predictions over their images, with the truth beside them, in one colour for a cluster and its class.",
            "Emits PNG files at the end of the flow. Holds back the images it will draw, up to `limit`. Fails items that came without their image.",
            (f, step) => OverlayWriter.Sink("write.overlay", step.Flow, ReadOverlay(f))),
        StageEntry.Sink(
            "write.metrics",
            "Writes one line of JSON for every training step.",
            "Emits lines as they come. Holds back nothing. Fails nothing; a full disk stops the run.",
            (f, step) => TrainingLog.Sink(
                "write.metrics", step.Flow, f.Get("file", Decode.Text, "training.jsonl", "File below the run directory."))),
        StageEntry.Sink(
            "write.superpixels",
            "Writes every superpixel map as a PNG of 16 bits.",
            "Emits one file for each item. Holds back nothing. Fails items of more than 65535 superpixels.",
            (f, step) => SuperpixelWriter.Sink(
                "write.superpixels", step.Flow, f.Get("folder", Decode.Text, "superpixels", "Folder below the run directory."))),
    ];

    private static LabelWriterOptions ReadLabels(Fields f)
    {
        _ = f.Get("format", Decode.OneOf(("png", "png")), "png", "File format: 8 bits up to 256 clusters, 16 bits beyond.");
        return new LabelWriterOptions(
            f.Get("into", Decode.OneOf(("shards", LabelPlace.Shards), ("folder", LabelPlace.Folder)), LabelPlace.Shards, "Where label maps go."),
            f.Get("palette", Decode.YesNo, true, "Give clusters a colour each, which viewers show; the numbers stay the same."),
            f.Get("folder", Decode.Text, "predictions", "Folder below the run directory."),
            f.Get("open_shards", Decode.WholeNumber.Between(1, 256), 4, "Output shards that may be unfinished at once; more for shuffled input."))
        {
            Legend = ReadLegend(f),
        };
    }

    private static OverlayOptions ReadOverlay(Fields f) => new(
        f.Get("folder", Decode.Text, "overlays", "Folder below the run directory."),
        f.Get("alpha", Decode.Number.Between(0, 1), 0.5, "Weight of the colours over the image."),
        f.Get("limit", Decode.WholeNumber.Between(0, 10_000), 32, "Images to draw, from the first on."),
        f.Get("boundaries", Decode.YesNo, true, "Draw the borders between clusters."))
    {
        Legend = ReadLegend(f),
    };

    private static string? ReadLegend(Fields f) =>
        f.Optional("legend", Decode.Text, "A file as clusters.yaml of a run, whose colours are used; that of the model where absent.");
}
