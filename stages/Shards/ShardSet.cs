using System.Globalization;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Stages.Shards;

/// <summary>What is to be packed into shards.</summary>
/// <param name="Images">Folder of images; their bytes are packed as they are.</param>
/// <param name="Labels">Folder of label maps with the same base names, PNG.</param>
/// <param name="Output">Folder for the shards.</param>
/// <param name="PerShard">Samples in a shard, 1 or more.</param>
/// <param name="Name">Shards are called <c>name-000000.tar</c> and so on.</param>
/// <param name="Overwrite">Whether the output folder may hold something; older shards of this name are replaced then.</param>
/// <param name="Recursive">Whether folders within are packed too; their names become part of the keys.</param>
public sealed record ShardingRequest(
    string Images, string? Labels, string Output, int PerShard, string Name = "shard", bool Overwrite = false, bool Recursive = false);

/// <summary>What was packed.</summary>
/// <param name="Shards">Paths, in order.</param>
/// <param name="WithoutLabel">Samples for which there is no label map; all of them where no labels were asked for.</param>
/// <param name="LabelsWithoutImage">Label maps that were left out, relative to their folder.</param>
/// <param name="Bytes">Bytes of images and label maps together.</param>
public sealed record ShardingSummary(IReadOnlyList<string> Shards, int Samples, int WithoutLabel, IReadOnlyList<string> LabelsWithoutImage, long Bytes);

/// <summary>Packs folders into tar shards.</summary>
public static class ShardSet
{
    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    /// <summary>Packs every image of a folder, in ordinal order of the names, with its label map as <c>key.label.png</c>.</summary>
    /// <param name="progress">Told the number of samples packed so far.</param>
    /// <exception cref="RunException">The output folder is not empty, a file cannot be read or packed, or the disk is full.</exception>
    public static ShardingSummary Write(ShardingRequest request, IProgress<long>? progress, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request.PerShard, 1);
        RefuseOccupied(request);
        var (entries, unused) = Folder.Matched(request.Images, request.Labels, request.Recursive);
        var shards = entries.Chunk(request.PerShard).Select((chunk, i) => (Path: PathOf(request, i), Chunk: chunk)).ToList();
        var (done, bytes) = (0L, 0L);
        foreach (var (path, chunk) in shards)
        {
            using var writer = ShardWriter.Create(path);
            foreach (var entry in chunk)
            {
                stop.ThrowIfCancellationRequested();
                bytes += Pack(writer, entry);
                progress?.Report(++done);
            }

            writer.Commit();
        }

        DeleteOlder(request, shards.Count);
        return new ShardingSummary([.. shards.Select(s => s.Path)], entries.Count, entries.Count(e => e.Label is null), unused, bytes);
    }

    private static long Pack(ShardWriter writer, FileEntry entry)
    {
        var sample = FileSamples.Load(entry, int.MaxValue).Match(s => s, fault => throw new RunException($"cannot pack '{entry.Image}': {fault.Message}"));
        if (sample.Label is { } map && !map.Span.StartsWith(PngSignature))
        {
            throw new RunException($"cannot pack '{entry.Label}': expected a PNG, since shards hold label maps as label.png");
        }

        var image = new ShardPart(Path.GetExtension(entry.Image).TrimStart('.').ToLowerInvariant(), sample.Image.ToArray());
        IReadOnlyList<ShardPart> parts = sample.Label is { } label ? [image, new ShardPart("label.png", label.ToArray())] : [image];
        if (writer.Write(entry.Key, parts) is { } fault)
        {
            throw new RunException($"cannot pack '{entry.Image}': {fault.Message}");
        }

        return parts.Sum(p => (long)p.Bytes.Length);
    }

    private static void RefuseOccupied(ShardingRequest request)
    {
        if (File.Exists(request.Output))
        {
            throw new RunException($"'{request.Output}' is a file; expected a folder for the shards");
        }

        if (!request.Overwrite && Directory.Exists(request.Output) && Directory.EnumerateFileSystemEntries(request.Output).Any())
        {
            throw new RunException($"folder '{request.Output}' is not empty; name another one, or pass --overwrite");
        }
    }

    private static string PathOf(ShardingRequest request, int index) =>
        Path.Combine(request.Output, string.Create(CultureInfo.InvariantCulture, $"{request.Name}-{index:D6}.tar"));

    private static void DeleteOlder(ShardingRequest request, int count)
    {
        for (var i = count; File.Exists(PathOf(request, i)); i++)
        {
            File.Delete(PathOf(request, i));
        }
    }
}
