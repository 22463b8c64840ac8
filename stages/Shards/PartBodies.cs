using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using Microsoft.Win32.SafeHandles;

namespace InMARS.Stages.Shards;

/// <summary>Reads files out of plain shards by their place. Keeps the last shard open, since neighbours are mostly read together.</summary>
/// <param name="reading">How patiently; once where it is null.</param>
internal sealed class PartBodies(Reading? reading = null) : IDisposable
{
    private const int SmallestArray = 4096;

    private string? _path;
    private SafeFileHandle? _shard;

    /// <summary>The bytes of a part, or <c>shard.unreadable</c> or <c>shard.truncated</c> when the shard changed since it was scanned.</summary>
    public Result<byte[]> Read(string shard, TarPart part) => part.Bytes is { } bytes ? bytes : (reading ?? Reading.Once).Of(shard, () => ReadAt(shard, part));

    /// <summary>As <see cref="Read(string, TarPart)"/>, into an array of the item; without <paramref name="arrays"/> into one of its own.</summary>
    public Result<ReadOnlyMemory<byte>> Read(string shard, TarPart part, ItemArrays? arrays) => arrays is null || part is not { Bytes: null, Size: > 0 }
        ? Read(shard, part).Map(bytes => (ReadOnlyMemory<byte>)bytes)
        : (reading ?? Reading.Once).Of(
            shard,
            (Bodies: this, Shard: shard, Part: part, Arrays: arrays),
            static from => from.Bodies.ReadAt(from.Shard, from.Part, Rented(from.Part, from.Arrays)));

    public void Dispose() => _shard?.Dispose();

    private static Memory<byte> Rented(TarPart part, ItemArrays arrays) =>
        arrays.Rent<byte>(ItemArrays.Fitting(Math.Max(part.Size, SmallestArray))).AsMemory(0, (int)part.Size);

    private Result<byte[]> ReadAt(string shard, TarPart part)
    {
        var bytes = GC.AllocateUninitializedArray<byte>((int)part.Size);
        return ReadAt(shard, part, bytes).Map(_ => bytes);
    }

    private Result<ReadOnlyMemory<byte>> ReadAt(string shard, TarPart part, Memory<byte> bytes)
    {
        try
        {
            var read = Fill(Handle(shard), part.Offset, bytes.Span);
            return read == bytes.Length
                ? (ReadOnlyMemory<byte>)bytes
                : new Fault("shard.truncated", $"shard ends within a '{part.Extension}' file; expected {part.Size} bytes of it, found {read}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A share that went and came back knows nothing of the old handle.
            _shard?.Dispose();
            _shard = null;
            return new Fault("shard.unreadable", $"cannot read shard '{shard}': {e.Message}", e);
        }
    }

    private SafeFileHandle Handle(string shard)
    {
        if (_shard is null || _path != shard)
        {
            _shard?.Dispose();
            _shard = null;
            _shard = File.OpenHandle(shard);
            _path = shard;
        }

        return _shard;
    }

    private static int Fill(SafeFileHandle shard, long offset, Span<byte> bytes)
    {
        var (done, read) = (0, 0);
        do
        {
            read = RandomAccess.Read(shard, bytes[done..], offset + done);
            done += read;
        }
        while (read > 0 && done < bytes.Length);
        return done;
    }
}
