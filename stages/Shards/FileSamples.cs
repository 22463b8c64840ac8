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
    private const int SmallestArray = 4096;

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

    /// <param name="arrays">What its bytes are rented from; null for arrays of its own.</param>
    public static Sourced<Sample> Emit(FileEntry entry, long maxBytes, Reading reading, ItemArrays? arrays = null) =>
        Emission.Sized(Load(entry, maxBytes, reading, arrays), entry.Origin, FileOriginal.Of(entry, maxBytes), arrays);

    /// <summary>The sample with its bytes, or the entry's fault, <c>file.unreadable</c>, <c>file.empty</c> or <c>file.too_large</c>.</summary>
    /// <param name="reading">How patiently; once where it is null.</param>
    /// <param name="arrays">As of <see cref="Emit"/>.</param>
    public static Result<Sample> Load(FileEntry entry, long maxBytes, Reading? reading = null, ItemArrays? arrays = null)
    {
        if (entry.Fault is { } fault)
        {
            return fault;
        }

        return from image in Read(entry.Image)
               from truth in entry.Label is { } path ? Read(path).Map<ReadOnlyMemory<byte>?>(map => map) : Result.Ok<ReadOnlyMemory<byte>?>(null)
               select new Sample(entry.Origin, Path.GetFileName(entry.Image), image, truth);

        Result<ReadOnlyMemory<byte>> Read(string file) => (reading ?? Reading.Once).Of(file, () => Checked(file, maxBytes, empty: false, size => Content(file, size, arrays)));
    }

    /// <summary>A whole file, whose size is looked at before it is read.</summary>
    /// <param name="empty">Whether it may be empty.</param>
    public static Result<byte[]> Bytes(string path, long maxBytes, bool empty = false) => Checked(path, maxBytes, empty, _ => File.ReadAllBytes(path));

    private static ReadOnlyMemory<byte> Content(string path, long size, ItemArrays? arrays)
    {
        if (arrays is null)
        {
            return File.ReadAllBytes(path);
        }

        var bytes = arrays.Rent<byte>(ItemArrays.Fitting(Math.Max(size, SmallestArray))).AsMemory(0, (int)size);
        using var file = File.OpenHandle(path);
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(file, bytes.Span[done..], done);
            done += read > 0 ? read : throw new EndOfStreamException($"expected {size} bytes, found {done}");
        }

        return bytes;
    }

    private static Result<T> Checked<T>(string path, long maxBytes, bool empty, Func<long, T> read)
    {
        try
        {
            return new FileInfo(path).Length switch
            {
                0 when !empty => new Fault("file.empty", $"'{path}' is empty; expected the bytes of an image"),
                var size when size > maxBytes => new Fault("file.too_large", $"'{path}' has {size} bytes; expected at most {maxBytes} (max_file_mb)"),
                var size => read(size),
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
