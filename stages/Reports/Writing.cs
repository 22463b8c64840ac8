using InMARS.Pipeline.Outcomes;

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

    /// <summary>Writes a file under a temporary name and then gives it its own, replacing an earlier one.</summary>
    public static void File(string path, byte[] content) => To(path, () =>
    {
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!).FullName;
        var part = Path.Combine(folder, $".{Path.GetFileName(path)}.part");
        try
        {
            System.IO.File.WriteAllBytes(part, content);
            System.IO.File.Move(part, path, overwrite: true);
        }
        catch (IOException)
        {
            System.IO.File.Delete(part);
            throw;
        }

        return true;
    });
}
