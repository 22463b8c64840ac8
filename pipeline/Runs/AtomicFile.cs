using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Runs;

/// <summary>Files that are there whole or not at all.</summary>
public static class AtomicFile
{
    /// <summary>Writes under a temporary name in the same folder, brings it to the disk, and renames it.</summary>
    /// <param name="durable">Whether to wait for the disk; small files by the thousand do not.</param>
    /// <exception cref="RunException">The disk is full or the folder is not writable.</exception>
    public static void Write(string path, Action<Stream> write, bool durable = true) => Put(path, write, durable, static (temporary, write, durable) =>
    {
        using var file = new FileStream(temporary, FileMode.Create, FileAccess.Write);
        write(file);
        file.Flush(durable);
    });

    /// <summary>The same for bytes that are there already, without the objects of a stream for each file.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream}, bool)"/>
    public static void Write(string path, ReadOnlyMemory<byte> content, bool durable = true) => Put(path, content, durable, static (temporary, content, durable) =>
    {
        using var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write);
        RandomAccess.Write(file, content.Span, 0);
        if (durable)
        {
            RandomAccess.FlushToDisk(file);
        }
    });

    private static void Put<T>(string path, T what, bool durable, Action<string, T, bool> write)
    {
        var temporary = path + ".part";
        try
        {
            write(temporary, what, durable);
            File.Move(temporary, path, overwrite: true);
            if (durable)
            {
                FolderSync.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Remove(temporary);
            throw new RunException($"cannot write '{path}': {e.Message}", e);
        }
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The write's own failure is the one to tell.
        }
    }
}
