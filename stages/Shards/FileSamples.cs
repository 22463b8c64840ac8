using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Stages.Shards;

/// <summary>A sample that lies in files of its own, not read yet.</summary>
/// <param name="Source">Folder or list that names it, as the user named that.</param>
/// <param name="Fault">Why there is no sample here.</param>
internal sealed record FileEntry(string Source, string Key, string Image, string? Label, Fault? Fault = null)
{
    public Origin Origin => new(Source, Key);
}

/// <summary>Samples out of files of their own.</summary>
internal static class FileSamples
{
    /// <summary>One epoch of known entries, permuted when asked.</summary>
    public static IReadOnlyList<FileEntry> Order(IReadOnlyList<FileEntry> entries, bool shuffle, SplitMix64 random) =>
        shuffle ? Shuffling.Permuted(entries, random) : entries;

    /// <summary>What is wrong with entries before any is read.</summary>
    public static SourceCheck Check(IReadOnlyList<FileEntry> entries) => entries.Where(e => e.Fault is not null).ToList() is [var first, ..] faulty
        ? new SourceCheck(faulty.Count, $"{first.Origin}: {first.Fault!.Code}: {first.Fault.Message}", [])
        : SourceCheck.Nothing;

    /// <summary>Entries that lie evenly over all, read one at a time.</summary>
    public static IEnumerable<Sourced<Sample>> Spread(IReadOnlyList<FileEntry> entries, int most, long maxBytes)
    {
        var wanted = Math.Min(most, entries.Count);
        return Enumerable.Range(0, wanted).Select(i => Emit(entries[(int)(((2L * i) + 1) * entries.Count / (2 * wanted))], maxBytes, Reading.Once));
    }

    public static Sourced<Sample> Emit(FileEntry entry, long maxBytes, Reading reading) =>
        Emission.Sized(Load(entry, maxBytes, reading), entry.Origin) with { Original = FileOriginal.Of(entry, maxBytes) };

    /// <summary>The sample with its bytes, or the entry's fault, <c>file.unreadable</c>, <c>file.empty</c> or <c>file.too_large</c>.</summary>
    /// <param name="reading">How patiently; once where it is null.</param>
    public static Result<Sample> Load(FileEntry entry, long maxBytes, Reading? reading = null)
    {
        if (entry.Fault is { } fault)
        {
            return fault;
        }

        var label = entry.Label is { } path ? Read(path).Map<byte[]?>(b => b) : Result.Ok<byte[]?>(null);
        return from image in Read(entry.Image)
               from truth in label
               select new Sample(entry.Origin, Path.GetFileName(entry.Image), image, truth);

        Result<byte[]> Read(string file) => (reading ?? Reading.Once).Of(file, () => Bytes(file, maxBytes));
    }

    /// <summary>A whole file, whose size is looked at before it is read.</summary>
    /// <param name="empty">Whether it may be empty.</param>
    public static Result<byte[]> Bytes(string path, long maxBytes, bool empty = false)
    {
        try
        {
            return new FileInfo(path).Length switch
            {
                0 when !empty => new Fault("file.empty", $"'{path}' is empty; expected the bytes of an image"),
                var size when size > maxBytes => new Fault("file.too_large", $"'{path}' has {size} bytes; expected at most {maxBytes} (max_file_mb)"),
                _ => File.ReadAllBytes(path),
            };
        }
        catch (FileNotFoundException e)
        {
            return new Fault("file.unreadable", $"there is no file '{path}'", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Fault("file.unreadable", $"cannot read '{path}': {e.Message}", e);
        }
    }
}
