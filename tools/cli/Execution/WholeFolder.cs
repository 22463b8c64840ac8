using InMARS.Pipeline.Outcomes;

namespace InMARS.Cli.Execution;

/// <summary>A folder of shards that appears when all of it is written: whoever finds it need not ask how far an earlier call came.</summary>
/// <param name="Output">Where it appears.</param>
/// <param name="Patterns">Names of what may be written; nothing else in the folder is touched.</param>
internal sealed record WholeFolder(string Output, IReadOnlyList<string> Patterns)
{
    /// <summary>Lets <paramref name="write"/> fill a folder beside the output and puts it in its place.</summary>
    /// <param name="overwrite">Whether files of these patterns in the output are replaced; otherwise it must be empty or absent.</param>
    /// <exception cref="RunException">The output is occupied or cannot be written; nothing was changed then.</exception>
    public T Write<T>(bool overwrite, Func<string, T> write)
    {
        RefuseOccupied(overwrite);
        var partial = Path.TrimEndingDirectorySeparator(Output) + ".part";
        try
        {
            Directory.CreateDirectory(partial);
            Empty(partial);
            var written = write(partial);
            Publish(partial);
            return written;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot write '{Output}': {e.Message}", e);
        }
        finally
        {
            Discard(partial);
        }
    }

    private void RefuseOccupied(bool overwrite)
    {
        if (File.Exists(Output))
        {
            throw new RunException($"'{Output}' is a file; expected a folder for the shards");
        }

        if (!overwrite && Directory.Exists(Output) && Directory.EnumerateFileSystemEntries(Output).Any())
        {
            throw new RunException($"folder '{Output}' is not empty; name another one, or pass --overwrite");
        }
    }

    private void Publish(string partial)
    {
        if (!Directory.Exists(Output))
        {
            Directory.Move(partial, Output);
            return;
        }

        Empty(Output);
        foreach (var file in Ours(partial))
        {
            File.Move(file, Path.Combine(Output, Path.GetFileName(file)));
        }

        Directory.Delete(partial);
    }

    private void Discard(string partial)
    {
        if (Directory.Exists(partial))
        {
            Empty(partial);
            if (!Directory.EnumerateFileSystemEntries(partial).Any())
            {
                Directory.Delete(partial);
            }
        }
    }

    private void Empty(string folder) => Array.ForEach(Ours(folder), File.Delete);

    private string[] Ours(string folder) => [.. Patterns.SelectMany(pattern => Directory.GetFiles(folder, pattern))];
}
