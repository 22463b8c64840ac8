using System.Runtime.CompilerServices;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Shards;

/// <summary>What <c>folder.read</c> reads.</summary>
/// <param name="Images">Folder of images, or one image.</param>
/// <param name="Labels">Folder of label maps with the same base names; png, tif or bmp.</param>
/// <param name="Shuffle">Whether samples come in a random order, another one each epoch.</param>
/// <param name="Recursive">Whether folders within are read too, but not links to folders; their names are part of the keys.</param>
/// <param name="MaxFileMb">Largest file, in MiB, 1 to 2047.</param>
public sealed record FolderReadOptions(string Images, string? Labels = null, bool Shuffle = false, bool Recursive = false, int MaxFileMb = 512);

/// <summary>Samples out of a folder of images and a folder of label maps.</summary>
public static class FolderSource
{
    public const string Name = "folder.read";

    public static Source<Sample> Of(FolderReadOptions options) => new(
        Name,
        (context, from, stop) => Read(options, context, from, stop),
        (_, stop) => Task.Run<long?>(() => Entries(options).Count, stop))
    {
        ListInputs = () => [.. Entries(options).Select(e => e.Image)],
        Check = (_, stop) => Task.Run(() => FileSamples.Check(Entries(options)), stop),
        Measure = SampleSize.ExtentOf,
        Spread = (_, most, _) => FileSamples.Spread(Entries(options), most, (long)options.MaxFileMb << 20),
    };

    private static IReadOnlyList<FileEntry> Entries(FolderReadOptions options) => Folder.Matched(options.Images, options.Labels, options.Recursive).Entries;

    private static async IAsyncEnumerable<Sourced<Sample>> Read(
        FolderReadOptions options, IStageContext context, Cursor from, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var (entries, unused) = Folder.Matched(options.Images, options.Labels, options.Recursive);
        if (unused.Count > 0 && from is { Epoch: 0, Position: 0 })
        {
            context.Log("folder.unused_labels", $"{unused.Count} label maps in '{options.Labels}' have no image; the first is '{unused[0]}'");
        }

        var order = FileSamples.Order(entries, options.Shuffle, SplitMix64.Of(context.Run.Seed, Name, from.Epoch));
        var reading = new Reading(context);
        await foreach (var item in Emission.From(order, from, e => FileSamples.Emit(e, (long)options.MaxFileMb << 20, reading, context.ArraysOfNext()), stop).ConfigureAwait(false))
        {
            yield return item;
        }
    }
}
