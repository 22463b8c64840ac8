using System.Formats.Tar;

namespace InMARS.Stages.Reports;

/// <summary>
/// A tar shard in the making. It stands under a temporary name until it is committed, so that whoever sees the
/// final name sees the whole shard; disposed before that, it leaves nothing behind.
/// </summary>
/// <remarks>The same files in the same order give the same bytes. Failures of the disk are <see cref="Pipeline.Outcomes.RunException"/>.</remarks>
internal sealed class OutputShard : IDisposable
{
    private const int UstarName = 100;

    private readonly string _path;
    private readonly string _part;
    private readonly FileStream _file;
    private readonly TarWriter _tar;
    private bool _committed;

    public OutputShard(string path)
    {
        _path = path;
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        _part = Path.Combine(folder, $".{Path.GetFileName(path)}.part");
        _file = Writing.To(path, () =>
        {
            Directory.CreateDirectory(folder);
            return new FileStream(_part, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        });
        _tar = new TarWriter(_file, TarEntryFormat.Ustar, leaveOpen: true);
    }

    /// <summary>Appends one file.</summary>
    public void Add(string name, byte[] content) => Writing.To(_path, () =>
    {
        using var data = new MemoryStream(content, writable: false);
        PosixTarEntry entry = name.Length <= UstarName && name.All(char.IsAscii)
            ? new UstarTarEntry(TarEntryType.RegularFile, name)
            : new PaxTarEntry(TarEntryType.RegularFile, name);
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        entry.DataStream = data;
        _tar.WriteEntry(entry);
        return true;
    });

    /// <summary>Closes the shard, waits until the disk has it, and gives it its name.</summary>
    public void Commit() => _committed = Writing.To(_path, () =>
    {
        _tar.Dispose();
        _file.Flush(flushToDisk: true);
        _file.Dispose();
        File.Move(_part, _path, overwrite: true);
        return true;
    });

    public void Dispose()
    {
        if (!_committed)
        {
            // A full disk fails the closing too; the remains are deleted either way, and the first failure is told.
            Quietly(_tar.Dispose);
            Quietly(_file.Dispose);
            Quietly(() => File.Delete(_part));
        }
    }

    private static void Quietly(Action close)
    {
        try
        {
            close();
        }
        catch (IOException)
        {
        }
    }
}
