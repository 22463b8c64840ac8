using System.Buffers;
using System.Formats.Tar;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Stages.Shards;

/// <summary>What stands at one place of a tar.</summary>
internal abstract record TarStep
{
    private TarStep()
    {
    }

    /// <summary>A file of a sample, or why it may not be used.</summary>
    public sealed record Part(string Key, TarPart File, Fault? Fault) : TarStep;

    /// <summary>An entry that belongs to no sample and may not be passed over in silence.</summary>
    /// <param name="File">Its bytes, where it would be a file of a sample under another name.</param>
    public sealed record Stray(string Name, TarPart? File, Fault Fault) : TarStep;

    /// <summary>Nothing behind this can be read.</summary>
    /// <param name="Key">The sample that is cut, where that is known.</param>
    public sealed record Broken(string? Key, Fault Fault) : TarStep;
}

/// <summary>Goes through the entries of one open shard. Every fault of the shard is a step; nothing is thrown for its content.</summary>
internal sealed class TarScan : IDisposable
{
    private const int LongestPrinted = 200;
    private readonly PartFilter _filter;
    private readonly HeaderGuard _tar;
    private readonly TarReader _reader;
    private string _last = "";
    private int _entries;
    private bool _ended;

    /// <exception cref="IOException">No such file, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or it is a folder.</exception>
    public TarScan(string path, PartFilter filter)
    {
        _filter = filter;
        _tar = new HeaderGuard(ShardStream.Open(path, filter.Limits.MaxRatio));
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
        _reader.Dispose();
        _tar.Dispose();
    }

    private TarStep? Guarded()
    {
        try
        {
            while (_tar.NextEntry(_reader) is { } entry)
            {
                var step = ++_entries > _filter.Limits.MaxEntries ? TooMany() : Step(entry);
                _last = Printable(entry.Name);
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

    private TarStep? Step(TarEntry entry) => entry.EntryType switch
    {
        TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes or TarEntryType.TapeVolume => Pass(entry),
        _ when ShardKey.IsMeta(entry.Name) => Pass(entry),
        _ when ShardKey.Unsafe(entry.Name) is { } reason => Unsafe(entry, reason),
        _ when IsSparse(entry) => Pass(entry) ?? NoFile(entry),
        _ when IsFile(entry) => File(entry),
        _ => Pass(entry) ?? NoFile(entry),
    };

    private TarStep Unsafe(TarEntry entry, string reason)
    {
        var step = IsFile(entry) ? File(entry) : Pass(entry);
        return step is TarStep.Broken ? step : new TarStep.Stray(
            Printable(entry.Name),
            (step as TarStep.Part)?.File,
            new Fault("shard.unsafe_name", $"entry name '{Printable(entry.Name)}' {reason}; expected a relative path below the shard"));
    }

    private static bool IsFile(TarEntry entry) =>
        entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile;

    private TarStep NoFile(TarEntry entry)
    {
        var fault = new Fault("shard.unsafe_entry", $"entry '{Printable(entry.Name)}' is a {(IsSparse(entry) ? "sparse file" : Words(entry.EntryType))}; expected a regular file");
        return ShardKey.Split(entry.Name) is var (key, extension) && _filter.Wanted(extension)
            ? new TarStep.Part(key, new TarPart(extension, 0, -1, null) { Absent = fault.Message }, fault)
            : new TarStep.Stray(Printable(entry.Name), null, fault);
    }

    private TarStep? File(TarEntry entry)
    {
        if (ShardKey.Split(entry.Name) is not var (key, extension) || !_filter.Wanted(extension))
        {
            return Pass(entry);
        }

        var large = entry.Length > _filter.Limits.MaxBytes
            ? new Fault("shard.too_large", $"'{entry.Name}' declares {entry.Length} bytes; expected at most {_filter.Limits.MaxBytes} (max_file_mb)") : null;
        var refused = large ?? (entry.Length == 0 ? new Fault("shard.empty_file", $"'{entry.Name}' is empty; expected the bytes of a file") : null);
        var keep = large is null && _filter.Bodies && !_tar.CanSeek;
        var bytes = keep ? GC.AllocateUninitializedArray<byte>((int)entry.Length) : null;
        return Body(entry, bytes) is var got && got < entry.Length
            ? new TarStep.Broken(key, Short(entry, got))
            : new TarStep.Part(key, new TarPart(extension, entry.Length, _tar.CanSeek ? entry.DataOffset : -1, bytes) { Absent = large?.Message }, refused);
    }

    private TarStep.Broken? Pass(TarEntry entry) =>
        Body(entry, null) is var got && got < entry.Length ? new TarStep.Broken(null, Short(entry, got)) : null;

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
            null, new Fault("shard.damaged", $"shard goes on after its end mark, behind '{_last}'; expected zeros only (tars must not be joined by cat)"));
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

    private static Fault Short(TarEntry entry, long got) =>
        new("shard.truncated", $"shard ends within '{entry.Name}'; expected {entry.Length} bytes of it, found {got}");

    private TarStep.Broken Damaged(string code, string why, Exception cause) =>
        new(null, new Fault(code, $"shard is {(code == "shard.expands" ? "refused" : "damaged")} {Behind()}: {why}; the rest of it is not read", cause));

    /// <summary>Whether the body is a map of holes and what lies between them: such bytes are not those of the file.</summary>
    private static bool IsSparse(TarEntry entry) => entry.EntryType == TarEntryType.SparseFile
        || (entry is PaxTarEntry pax && pax.ExtendedAttributes.Keys.Any(key => key.StartsWith("GNU.sparse.", StringComparison.Ordinal)));

    private string Behind() => _last.Length == 0 ? "at its beginning" : $"behind '{_last}'";

    private static string Printable(string name) =>
        string.Concat(name.Take(LongestPrinted).Select(c => char.IsControl(c) ? '?' : c)) + (name.Length > LongestPrinted ? "..." : "");

    private static string Words(TarEntryType type) => type switch
    {
        TarEntryType.SymbolicLink => "symbolic link",
        TarEntryType.HardLink => "hard link",
        TarEntryType.CharacterDevice or TarEntryType.BlockDevice => "device",
        TarEntryType.Fifo => "named pipe",
        _ => $"special entry of type {(byte)type}",
    };
}
