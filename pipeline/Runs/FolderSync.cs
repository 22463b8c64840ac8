using System.Runtime.InteropServices;

namespace InMARS.Pipeline.Runs;

/// <summary>Makes a rename last over a power failure, where the file system can.</summary>
public static partial class FolderSync
{
    private const int ReadOnly = 0;

    /// <summary>Best effort: some file systems do not sync folders, and then the rename is as safe as they make it.</summary>
    public static void Flush(string folder)
    {
        var handle = Open(folder, ReadOnly);
        if (handle >= 0)
        {
            _ = Sync(handle);
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Close(int handle);
}
