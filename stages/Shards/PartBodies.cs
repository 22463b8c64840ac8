using InMARS.Pipeline.Outcomes;
using Microsoft.Win32.SafeHandles;

namespace InMARS.Stages.Shards;

/// <summary>Reads files out of plain shards by their place. Keeps the last shard open, since neighbours are mostly read together.</summary>
/// <param name="reading">How patiently; once where it is null.</param>
internal sealed class PartBodies(Reading? reading = null) : IDisposable
{
    private string? _path;
    private SafeFileHandle? _shard;

    /// <summary>The bytes of a part, or <c>shard.unreadable</c> or <c>shard.truncated</c> when the shard changed since it was scanned.</summary>
    public Result<byte[]> Read(string shard, TarPart part) => part.Bytes is { } bytes ? bytes : (reading ?? Reading.Once).Of(shard, () => ReadAt(shard, part));

    public void Dispose() => _shard?.Dispose();

    private Result<byte[]> ReadAt(string shard, TarPart part)
    {
        try
        {
            var bytes = GC.AllocateUninitializedArray<byte>((int)part.Size);
            var read = Fill(Handle(shard), part.Offset, bytes);
            return read == bytes.Length
                ? bytes
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

    private static int Fill(SafeFileHandle shard, long offset, byte[] bytes)
    {
        var (done, read) = (0, 0);
        do
        {
            read = RandomAccess.Read(shard, bytes.AsSpan(done), offset + done);
            done += read;
        }
        while (read > 0 && done < bytes.Length);
        return done;
    }
}
