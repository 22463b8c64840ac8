using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;

namespace InMARS.Stages.Shards;

/// <summary>The sources of this folder.</summary>
public static class ShardsEntries
{
    private const string Order = "Emits samples in an order that depends on run seed and epoch only.";

    public static IEnumerable<StageEntry> All =>
    [
        StageEntry.Source(
            ShardSource.Name,
            "Reads samples from tar shards in the WebDataset convention, plain, gzip or zstd.",
            $"{Order} Holds back the shuffle buffer. Fails items: shard.unreadable, shard.truncated, shard.damaged, shard.duplicate_key, "
                + "shard.unsafe_name, shard.unsafe_entry, shard.too_large, shard.too_many, shard.expands, shard.empty_file, shard.no_image, shard.two_images. Fails the run when no shard matches.",
            (f, _) => ShardSource.Of(new ShardReadOptions(
                f.Require("path", ShardPattern.Decoder, "Shards: a path, a folder, braces such as {000..123} or {a,b}, * and ?, or a list of these."),
                f.Get("shuffle", Decode.YesNo, false, "Whether shards and samples come in a random order, another one each epoch."),
                f.Get("buffer", Decode.WholeNumber.Between(0, 65536), 256, "Samples that the shuffle draws from; 0 shuffles shards only."),
                f.Get("limit", Decode.LongNumber.Between(0, 1_000_000_000_000), 0, "Items of an epoch, at most; 0 for all."))
            {
                Limits = ShardLimits.Read(f),
            })),
        StageEntry.Source(
            FolderSource.Name,
            "Reads images from a folder, with label maps of the same base names from another one.",
            $"{Order} Holds back nothing. Fails items: file.unreadable, file.empty, file.too_large, folder.duplicate_key. Fails the run when there is no image.",
            (f, _) => FolderSource.Of(new FolderReadOptions(
                f.Require("images", Decode.Text, "Folder of images (jpg, png, webp, tif or bmp), or one image."),
                f.Optional("labels", Decode.Text, "Folder of label maps: png, tif or bmp. An image may be without one."),
                f.Get("shuffle", Decode.YesNo, false, "Whether samples come in a random order, another one each epoch."),
                f.Get("recursive", Decode.YesNo, false, "Whether folders within are read too; links to folders are not followed."),
                ShardLimits.MaxFileMbOf(f)))),
        StageEntry.Source(
            ListSource.Name,
            "Reads the images and label maps that a CSV file lists.",
            $"{Order} Holds back nothing. Fails items: list.bad_line, list.duplicate_key, file.unreadable, file.empty, file.too_large. Fails the run when the list names none.",
            (f, _) => ListSource.Of(new ListReadOptions(
                f.Require("path", Decode.Text, "CSV file with a header: columns image and, where wanted, label and key. Paths in it are relative to its folder."),
                f.Get("shuffle", Decode.YesNo, false, "Whether samples come in a random order, another one each epoch."),
                ShardLimits.MaxFileMbOf(f)))),
        StageEntry.Source(
            PairSource.Name,
            "Reads predicted maps with the true maps of the same key.",
            "Emits pairs in the order of the predictions. Holds back nothing. Fails items: pairs.no_partner, pairs.duplicate_key, and as shard.read and folder.read do.",
            (f, _) => PairSource.Of(new PairReadOptions(
                f.Optional("predictions", ShardPattern.Decoder, "Shards, or a folder of png, tif or bmp files; without it, the `predictions` folder of this run."),
                f.Require("labels", ShardPattern.Decoder, "Shards, or a folder of png, tif or bmp files."),
                f.Get("partial", Decode.YesNo, false, "Whether label maps without a prediction are left out; else each is a fault."))
            {
                Limits = ShardLimits.Read(f),
            })),
    ];
}
