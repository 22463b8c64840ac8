using System.Formats.Tar;
using System.Text;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Stages.Shards;

/// <summary>One file of a sample, as it is to be written.</summary>
/// <param name="Extension">What stands behind the key and a dot, such as <c>label.png</c>.</param>
public readonly record struct ShardPart(string Extension, byte[] Bytes);

/// <summary>
/// Writes one tar shard in the WebDataset convention. The shard appears under its name when it is committed, whole and
/// flushed to the disk; disposed without that, it leaves nothing behind. The same input gives the same bytes.
/// </summary>
public sealed class ShardWriter : IDisposable
{
    private const UnixFileMode ReadableByAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private readonly HashSet<string> _keys = [];
    private readonly string _part;
    private readonly Stream _file;
    private readonly TarWriter _tar;
    private bool _committed;

    private ShardWriter(string path, string part, Stream file)
    {
        Path = path;
        _part = part;
        _file = file;
        _tar = new TarWriter(file, TarEntryFormat.Ustar, leaveOpen: true);
    }

    /// <summary>The name that the shard will have.</summary>
    public string Path { get; }

    /// <summary>Samples written so far.</summary>
    public int Count => _keys.Count;

    /// <summary>Opens <c>.name.part</c> beside <paramref name="path"/>; the folder is made when it is not there.</summary>
    /// <exception cref="RunException">The file cannot be made.</exception>
    public static ShardWriter Create(string path) =>
        Create(path, part => new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0));

    internal static ShardWriter Create(string path, Func<string, Stream> open)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        var part = System.IO.Path.Combine(folder, $".{System.IO.Path.GetFileName(path)}.part");
        return Guarded(path, () =>
        {
            Directory.CreateDirectory(folder);
            return new ShardWriter(path, part, open(part));
        });
    }

    /// <summary>Appends a sample: its files side by side, as <c>key.extension</c>.</summary>
    /// <returns>
    /// Nothing; or <c>shard.duplicate_key</c> or <c>shard.unsafe_name</c>, and then nothing was written of it.
    /// </returns>
    /// <exception cref="RunException">The disk is full, or failed.</exception>
    public Fault? Write(string key, params IReadOnlyList<ShardPart> parts)
    {
        if (ShardKey.Unsafe(key) is { } reason)
        {
            return new Fault("shard.unsafe_name", $"key '{key}' {reason}; expected a relative name");
        }

        if (ShardKey.Split($"{key}.x") is not { Extension: "x" } split || split.Key != key)
        {
            return new Fault("shard.unsafe_name", $"key '{key}' would read back as another one; expected no dot in its last part, and no '__meta__'");
        }

        if (!_keys.Add(key))
        {
            return new Fault("shard.duplicate_key", $"key '{key}' was written to this shard already; expected each key once");
        }

        return Guarded(Path, Fault? () =>
        {
            foreach (var part in parts)
            {
                _tar.WriteEntry(Entry($"{key}.{part.Extension}", part.Bytes));
            }

            return null;
        });
    }

    /// <summary>Ends the tar, flushes it to the disk and gives it its name, in place of what has that name.</summary>
    /// <exception cref="RunException">The disk is full, or failed; the shard is not there then.</exception>
    public void Commit() => Guarded(Path, () =>
    {
        _tar.Dispose();
        if (Count == 0)
        {
            // TarWriter leaves out the end mark of a tar without entries.
            _file.Write(new byte[1024]);
        }

        if (_file is FileStream onDisk)
        {
            onDisk.Flush(flushToDisk: true);
        }

        _file.Dispose();
        File.Move(_part, Path, overwrite: true);
        FolderSync.Flush(System.IO.Path.GetDirectoryName(_part)!);
        _committed = true;
        return _committed;
    });

    public void Dispose()
    {
        if (_committed)
        {
            return;
        }

        try
        {
            _tar.Dispose();
        }
        catch (IOException)
        {
            // The end mark found no room on the disk; the file goes anyway.
        }

        _file.Dispose();
        File.Delete(_part);
    }

    private static TarEntry Entry(string name, byte[] bytes)
    {
        // A pax header would hold the process id. GNU long names are read everywhere.
        TarEntry entry = Encoding.UTF8.GetByteCount(name) <= 100
            ? new UstarTarEntry(TarEntryType.RegularFile, name)
            : new GnuTarEntry(TarEntryType.RegularFile, name);
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        entry.Mode = ReadableByAll;
        entry.DataStream = new MemoryStream(bytes, writable: false);
        return entry;
    }

    private static T Guarded<T>(string path, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot write '{path}': {e.Message}", e);
        }
    }
}
