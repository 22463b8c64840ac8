using InMARS.Pipeline.Outcomes;

namespace InMARS.Cli.Planning;

/// <summary>Room on the disk that a folder lies on, or will lie on.</summary>
internal static class FreeSpace
{
    /// <summary>Bytes that this user may still write.</summary>
    /// <exception cref="RunException">The system does not tell.</exception>
    public static long At(string folder)
    {
        var there = Path.GetFullPath(folder);
        while (!Directory.Exists(there) && Path.GetDirectoryName(there) is { } parent)
        {
            there = parent;
        }

        try
        {
            return new DriveInfo(there).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot tell how much room there is at '{there}': {e.Message}", e);
        }
    }
}
