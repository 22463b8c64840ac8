using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;

namespace InMARS.Stages.Reports;

/// <summary>What a disk may refuse, told to the user by the name of the file.</summary>
internal static class Writing
{
    /// <summary>Does the work; a full disk, a missing permission and the like become a <see cref="RunException"/>.</summary>
    public static T To<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot write '{path}': {e.Message}", e);
        }
    }

    /// <summary>Writes a file into a folder that is made when it is not there, replacing an earlier file.</summary>
    public static void File(string path, ReadOnlyMemory<byte> content)
    {
        _ = To(path, () => Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!));
        AtomicFile.Write(path, content, durable: false);
    }
}
