using System.Formats.Tar;
using System.Runtime.InteropServices;
using System.Text;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;

namespace InMARS.Stages.Shards;

/// <summary>One file of a sample, as it is to be written.</summary>
/// <param name="Extension">What stands behind the key and a dot, such as <c>label.png</c>.</param>
public readonly record struct ShardPart(string Extension, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>A file out of an array of its own.</summary>
    public ShardPart(string extension, byte[] bytes)
        : this(extension, (ReadOnlyMemory<byte>)bytes)
    {
    }
}

/// <summary>A shard that is being written, as a checkpoint remembers it.</summary>
/// <param name="Bytes">Bytes of it that are on the disk for good.</param>
/// <param name="Keys">Samples in them.</param>
public sealed record UnfinishedShard(long Bytes, IReadOnlyList<string> Keys);

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
    private long _entries;
    private bool _sealed;
    private bool _kept;

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

    internal static ShardWriter Create(string path, Func<string, Stream> open) => Guarded(path, () =>
    {
        Directory.CreateDirectory(FolderOf(path));
        return new ShardWriter(path, PartOf(path), open(PartOf(path)));
    });

    /// <summary>Goes on with a shard that an earlier process left; what it wrote after that is cut off.</summary>
    /// <exception cref="RunException">The file is gone, or shorter than it was.</exception>
    public static ShardWriter Resume(string path, UnfinishedShard state) => Guarded(path, () =>
    {
        // Finished and named, but no checkpoint knew of it any more: it is unfinished again.
        if (!File.Exists(PartOf(path)) && File.Exists(path))
        {
            File.Move(path, PartOf(path));
        }

        var file = new FileStream(PartOf(path), FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);
        if (file.Length < state.Bytes)
        {
            file.Dispose();
            throw new RunException($"'{PartOf(path)}' has {file.Length} bytes, but the checkpoint knows of {state.Bytes}");
        }

        file.SetLength(state.Bytes);
        file.Seek(0, SeekOrigin.End);
        var writer = new ShardWriter(path, PartOf(path), file) { _kept = true };
        writer._keys.UnionWith(state.Keys);
        return writer;
    });

    /// <summary>Gives a shard its name that an earlier process sealed; does nothing where it has it.</summary>
    /// <returns>The path.</returns>
    /// <exception cref="RunException">It is there under neither name.</exception>
    public static string Publish(string path) => Guarded(path, () =>
    {
        if (File.Exists(PartOf(path)))
        {
            File.Move(PartOf(path), path, overwrite: true);
            FolderSync.Flush(FolderOf(path));
        }

        return File.Exists(path) ? path : throw new RunException($"'{path}' was finished, and is gone");
    });

    /// <summary>Unfinished shards in a folder.</summary>
    public static IEnumerable<string> Unfinished(string folder) => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, ".*.tar.part") : [];

    /// <summary>The file that a shard has until it is published.</summary>
    public static string PartOf(string path) => System.IO.Path.Combine(FolderOf(path), $".{System.IO.Path.GetFileName(path)}.part");

    private static string FolderOf(string path) => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;

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

        if (!ShardKey.IsUsable(key))
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
                _entries++;
            }

            return null;
        });
    }

    /// <summary>Brings what was written to the disk, to be kept when this process ends, however it ends.</summary>
    /// <exception cref="RunException">The disk is full, or failed.</exception>
    public UnfinishedShard Pause() => Guarded(Path, () =>
    {
        Flush();
        Keep();
        return new UnfinishedShard(_file.Length, [.. _keys]);
    });

    /// <summary>A checkpoint knows of the file: it stays when this process ends, however it ends.</summary>
    public void Keep() => _kept = true;

    /// <summary>Ends the tar and flushes it to the disk. It has no name yet.</summary>
    /// <exception cref="RunException">The disk is full, or failed.</exception>
    public void Seal() => Guarded(Path, () =>
    {
        _tar.Dispose();
        if (_entries == 0)
        {
            // TarWriter leaves out the end mark where it has written no entry.
            _file.Write(new byte[1024]);
        }

        Flush();
        _file.Dispose();
        _sealed = true;
        return _sealed;
    });

    /// <summary>Gives a sealed shard its name, in place of what has that name.</summary>
    /// <exception cref="RunException">The folder cannot be written.</exception>
    public void Publish()
    {
        Publish(Path);
        _kept = true;
    }

    /// <summary>Seals and publishes.</summary>
    /// <exception cref="RunException">The disk is full, or failed; the shard is not there then.</exception>
    public void Commit()
    {
        Seal();
        Publish();
    }

    public void Dispose()
    {
        if (!_sealed)
        {
            Abandon();
        }

        if (!_kept)
        {
            File.Delete(_part);
        }
    }

    private void Abandon()
    {
        if (_kept)
        {
            // The end mark would stand in the midst of a shard that goes on.
            _file.Dispose();
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
    }

    private void Flush()
    {
        if (_file is FileStream onDisk)
        {
            onDisk.Flush(flushToDisk: true);
        }
    }

    private static TarEntry Entry(string name, ReadOnlyMemory<byte> bytes)
    {
        // A pax header would hold the process id. GNU long names are read everywhere.
        TarEntry entry = Encoding.UTF8.GetByteCount(name) <= 100
            ? new UstarTarEntry(TarEntryType.RegularFile, name)
            : new GnuTarEntry(TarEntryType.RegularFile, name);
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        entry.Mode = ReadableByAll;
        entry.DataStream = MemoryMarshal.TryGetArray(bytes, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(bytes.ToArray(), writable: false);
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
