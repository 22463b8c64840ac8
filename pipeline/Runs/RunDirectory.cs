using System.Text;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Runs;

/// <summary>The folder of one run. Never overwritten unless asked, and then only where a run lay before.</summary>
public sealed class RunDirectory
{
    public const string Mark = "config.resolved.yaml";

    private RunDirectory(string path) => Path = path;

    public string Path { get; }

    /// <summary>Looks whether a run may begin there; touches nothing.</summary>
    /// <exception cref="RunException">The folder is not empty and may not be emptied, or a living run holds it.</exception>
    public static void Refuse(string path, bool overwrite, TimeProvider time)
    {
        if (RunLock.Holder(path, time) is { } holder)
        {
            throw new RunException(RunLock.Refusal(path, holder, time));
        }

        if (!Contents(path).Any())
        {
            return;
        }

        if (!overwrite)
        {
            throw new RunException($"the run directory '{path}' is not empty; choose another run.name, pass --overwrite, or go on with the run in it: inmars resume {path}");
        }

        if (!System.IO.File.Exists(System.IO.Path.Combine(path, Mark)))
        {
            throw new RunException($"'{path}' is not empty and holds no run ({Mark} is missing), so --overwrite leaves it alone");
        }
    }

    /// <summary>Makes the folder where it is not there.</summary>
    /// <exception cref="RunException">It cannot be made.</exception>
    public static RunDirectory Make(string path) => Guarded(path, () =>
    {
        Directory.CreateDirectory(path);
        return new RunDirectory(path);
    });

    /// <summary>Removes everything but the lock. For whoever holds it.</summary>
    /// <exception cref="RunException">Something cannot be removed.</exception>
    public void Empty() => Guarded(Path, () =>
    {
        foreach (var entry in Contents(Path).ToList())
        {
            if (Directory.Exists(entry))
            {
                Directory.Delete(entry, recursive: true);
            }
            else
            {
                System.IO.File.Delete(entry);
            }
        }

        return this;
    });

    /// <summary>The folder of a run that is there.</summary>
    /// <exception cref="RunException">There is none.</exception>
    public static RunDirectory Open(string path) => System.IO.File.Exists(System.IO.Path.Combine(path, Mark))
        ? new RunDirectory(path)
        : throw new RunException($"'{path}' holds no run: {Mark} is missing");

    /// <summary>A path in the run directory; its folder exists on return.</summary>
    /// <exception cref="RunException">The folder cannot be made, or the path leads out of the run directory.</exception>
    public string File(params ReadOnlySpan<string> parts)
    {
        var file = System.IO.Path.Combine([Path, .. parts]);
        if (!System.IO.Path.GetFullPath(file).StartsWith(System.IO.Path.GetFullPath(Path) + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new RunException($"'{string.Join('/', parts.ToArray())}' leads out of the run directory '{Path}'; a run writes nowhere else");
        }

        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot write '{file}': {e.Message}", e);
        }
    }

    /// <summary>Writes a whole file so that it is seen complete or not at all.</summary>
    public void Write(string name, string text) => AtomicFile.Write(File(name), file => file.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>A whole file.</summary>
    /// <exception cref="RunException">It cannot be read.</exception>
    public string Text(string name)
    {
        var file = System.IO.Path.Combine(Path, name);
        try
        {
            return System.IO.File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot read '{file}': {e.Message}", e);
        }
    }

    private static IEnumerable<string> Contents(string path) => !Directory.Exists(path)
        ? []
        : Directory.EnumerateFileSystemEntries(path).Where(e => System.IO.Path.GetFileName(e) is not (RunLock.FileName or RunLock.GuardName));

    private static RunDirectory Guarded(string path, Func<RunDirectory> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot make the run directory '{path}': {e.Message}", e);
        }
    }
}
