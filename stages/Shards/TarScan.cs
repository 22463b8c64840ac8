using System.Buffers;
using System.Formats.Tar;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Stages.Shards;

/// <summary>Goes through the entries of one open shard. Every fault of the shard is a step; nothing is thrown for its content.</summary>
internal sealed class TarScan : IDisposable
{
    private readonly PartFilter _filter;
    private readonly HeaderGuard _tar;
    private readonly TarReader _reader;
    private readonly PlainFiles? _plain;

    /// <summary>Name of the entry before; null where that was a plain file.</summary>
    private string? _last = "";
    private int _entries;
    private bool _ended;

    /// <exception cref="IOException">No such file, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or it is a folder.</exception>
    public TarScan(string path, PartFilter filter)
    {
        _filter = filter;
        var stream = ShardStream.Open(path, filter.Limits.MaxRatio);
        _tar = new HeaderGuard(stream);
        _plain = stream is FileStream file ? new PlainFiles(file.SafeFileHandle, filter.Wanted) : null;
        _reader = new TarReader(_tar, leaveOpen: true);
    }

    /// <summary>The next step; null at a clean end, and behind a broken step.</summary>
    public TarStep? Next()
    {
        if (_ended)
        {
            return null;
        }

        var step = Guarded();
        _ended = step is null or TarStep.Broken;
        return step;
    }

    public void Dispose()
    {
        _plain?.Dispose();
        _reader.Dispose();
        _tar.Dispose();
    }

    private TarStep? Guarded()
    {
        try
        {
            while (Advance(out var step))
            {
                if (step is not null)
                {
                    return step;
                }
            }

            return End();
        }
        catch (EndOfStreamException e)
        {
            return Cut(e);
        }
        catch (UnpackingException e)
        {
            return Damaged(e.Code, e.Message, e);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return Damaged("shard.damaged", _tar.Complaint ?? $"expected a tar header at byte {_tar.HeaderAt}, found one that cannot be read", e);
        }
    }

    /// <summary>Takes the next entry; false where there is none.</summary>
    private bool Advance(out TarStep? step)
    {
        if (_plain is not null && _plain.Next(out var file))
        {
            step = ++_entries > _filter.Limits.MaxEntries ? TooMany() : Step(_plain, file);
            _plain.Pass();
            _last = null;
            return true;
        }

        if (NextEntry() is not { } entry)
        {
            step = null;
            return false;
        }

        step = ++_entries > _filter.Limits.MaxEntries ? TooMany() : Step(entry);
        _last = EntryWords.Printable(entry.Name);
        return true;
    }

    private TarEntry? NextEntry()
    {
        if (_plain is null)
        {
            return _tar.NextEntry(_reader);
        }

        // A reader goes on from where it has been, so it takes another one to begin elsewhere.
        _tar.Position = _plain.At;
        using var reader = new TarReader(_tar, leaveOpen: true);
        var entry = _tar.NextEntry(reader);
        _plain.At = _tar.Position;
        return entry;
    }

    private TarStep? Step(PlainFiles files, PlainFile file)
    {
        var key = file.IsWanted ? file.Key : null;
        if (Math.Clamp(_tar.Length - file.Offset, 0, file.Size) is var got && got < file.Size)
        {
            return new TarStep.Broken(key, Short(files.Name, file.Size, got));
        }

        var large = file.Size > _filter.Limits.MaxBytes ? TooLarge(files.Name, file.Size) : null;
        return key is null ? null : new TarStep.Part(key, new TarPart(file.Extension, file.Size, file.Offset, null) { Absent = large?.Message }, large);
    }

    private TarStep? Step(TarEntry entry) => entry.EntryType switch
    {
        TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes or TarEntryType.TapeVolume => Pass(entry),
        _ when ShardKey.IsMeta(entry.Name) => Pass(entry),
        _ when ShardKey.Unsafe(entry.Name) is { } reason => Unsafe(entry, reason),
        _ when EntryWords.IsSparse(entry) => Pass(entry) ?? NoFile(entry),
        _ when IsFile(entry) => File(entry),
        _ => Pass(entry) ?? NoFile(entry),
    };

    private TarStep Unsafe(TarEntry entry, string reason)
    {
        var step = IsFile(entry) ? File(entry) : Pass(entry);
        return step is TarStep.Broken ? step : new TarStep.Stray(
            EntryWords.Printable(entry.Name),
            (step as TarStep.Part)?.File,
            new Fault("shard.unsafe_name", $"entry name '{EntryWords.Printable(entry.Name)}' {reason}; expected a relative path below the shard"));
    }

    private static bool IsFile(TarEntry entry) =>
        entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile;

    private TarStep NoFile(TarEntry entry)
    {
        var fault = new Fault("shard.unsafe_entry", $"entry '{EntryWords.Printable(entry.Name)}' is a {(EntryWords.IsSparse(entry) ? "sparse file" : EntryWords.Of(entry.EntryType))}; expected a regular file");
        return ShardKey.Split(entry.Name) is var (key, extension) && _filter.Wanted(extension)
            ? new TarStep.Part(key, new TarPart(extension, 0, -1, null) { Absent = fault.Message }, fault)
            : new TarStep.Stray(EntryWords.Printable(entry.Name), null, fault);
    }

    private TarStep? File(TarEntry entry)
    {
        if (ShardKey.Split(entry.Name) is not var (key, extension) || !_filter.Wanted(extension))
        {
            return Pass(entry);
        }

        var large = entry.Length > _filter.Limits.MaxBytes ? TooLarge(entry.Name, entry.Length) : null;
        var refused = large ?? (entry.Length == 0 ? new Fault("shard.empty_file", $"'{entry.Name}' is empty; expected the bytes of a file") : null);
        var keep = large is null && _filter.Bodies && !_tar.CanSeek;
        var bytes = keep ? GC.AllocateUninitializedArray<byte>((int)entry.Length) : null;
        return Body(entry, bytes) is var got && got < entry.Length
            ? new TarStep.Broken(key, Short(entry.Name, entry.Length, got))
            : new TarStep.Part(key, new TarPart(extension, entry.Length, _tar.CanSeek ? entry.DataOffset : -1, bytes) { Absent = large?.Message }, refused);
    }

    private TarStep.Broken? Pass(TarEntry entry) =>
        Body(entry, null) is var got && got < entry.Length ? new TarStep.Broken(null, Short(entry.Name, entry.Length, got)) : null;

    /// <summary>Reads or passes over a body; returns how much of it is there.</summary>
    private long Body(TarEntry entry, byte[]? into)
    {
        if (_tar.CanSeek)
        {
            return entry.Length == 0 ? 0 : Math.Clamp(_tar.Length - entry.DataOffset, 0, entry.Length);
        }

        if (entry.DataStream is null)
        {
            return entry.Length;
        }

        return into is null ? Drain(entry.DataStream, _ => true) : entry.DataStream.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
    }

    private TarStep.Broken? End()
    {
        if (!_tar.AtEndMark)
        {
            return Cut(null);
        }

        var zeros = true;
        Drain(_tar, block => zeros = !block.Span.ContainsAnyExcept((byte)0));
        return zeros ? null : new TarStep.Broken(
            null, new Fault("shard.damaged", $"shard goes on after its end mark, behind '{Last}'; expected zeros only (tars must not be joined by cat)"));
    }

    private static long Drain(Stream stream, Func<ReadOnlyMemory<byte>, bool> goOn)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            var (total, read) = (0L, 0);
            do
            {
                read = stream.Read(buffer, 0, buffer.Length);
                total += read;
            }
            while (read > 0 && goOn(buffer.AsMemory(0, read)));
            return total;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private TarStep.Broken TooMany() => new(null, new Fault(
        "shard.too_many", $"shard has more than {_filter.Limits.MaxEntries} entries (max_entries); what stands {Behind()} is not read"));

    private TarStep.Broken Cut(EndOfStreamException? cause) => new(null, new Fault(
        "shard.truncated",
        _tar.Passed == 0 ? "shard is empty; expected a tar file, found 0 bytes" : $"shard ends {Behind()} without an end mark; expected two blocks of zeros",
        cause));

    private Fault TooLarge(string name, long size) =>
        new("shard.too_large", $"'{name}' declares {size} bytes; expected at most {_filter.Limits.MaxBytes} (max_file_mb)");

    private static Fault Short(string name, long size, long got) =>
        new("shard.truncated", $"shard ends within '{name}'; expected {size} bytes of it, found {got}");

    private TarStep.Broken Damaged(string code, string why, Exception cause) =>
        new(null, new Fault(code, $"shard is {(code == "shard.expands" ? "refused" : "damaged")} {Behind()}: {why}; the rest of it is not read", cause));

    private string Behind() => Last is { Length: > 0 } last ? $"behind '{last}'" : "at its beginning";

    private string Last => _last ?? _plain!.PassedName;
}
