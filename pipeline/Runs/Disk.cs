using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Runs;

/// <summary>The disk that a folder lies on, or will lie on.</summary>
public static class Disk
{
    /// <summary>Bytes that this user may still write there.</summary>
    /// <exception cref="RunException">The system does not tell.</exception>
    public static long FreeAt(string folder)
    {
        var there = Existing(folder);
        try
        {
            return new DriveInfo(there).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot tell how much room there is at '{there}': {e.Message}", e);
        }
    }

    /// <summary>Where the disk is mounted.</summary>
    public static string MountOf(string folder)
    {
        var there = Path.TrimEndingDirectorySeparator(Existing(folder)) + Path.DirectorySeparatorChar;
        return DriveInfo.GetDrives()
            .Select(drive => Path.TrimEndingDirectorySeparator(drive.Name))
            .Where(mount => there.StartsWith(mount + Path.DirectorySeparatorChar, StringComparison.Ordinal) || mount == "/")
            .MaxBy(mount => mount.Length) ?? "/";
    }

    /// <summary>Room that a file takes, or everything below a folder; 0 where there is neither.</summary>
    public static long UsedBy(string place) => Files(place).Sum(file => (long)PlannedFiles.OnDisk(Length(file)));

    private static IEnumerable<FileInfo> Files(string place) => Directory.Exists(place)
        ? new DirectoryInfo(place).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint })
        : File.Exists(place) ? [new FileInfo(place)] : [];

    /// <remarks>Another run may take files out of a cache meanwhile.</remarks>
    private static long Length(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private static string Existing(string folder)
    {
        var there = Path.GetFullPath(folder);
        while (!Directory.Exists(there) && Path.GetDirectoryName(there) is { } parent)
        {
            there = parent;
        }

        return Resolved(there);
    }

    /// <summary>The path without links.</summary>
    private static string Resolved(string folder) => Path.GetDirectoryName(folder) is { } parent && Path.Combine(Resolved(parent), Path.GetFileName(folder)) is var there
        ? Directory.ResolveLinkTarget(there, returnFinalTarget: true)?.FullName ?? there
        : folder;
}
