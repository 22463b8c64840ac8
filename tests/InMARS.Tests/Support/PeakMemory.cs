using System.Globalization;
using System.Runtime.InteropServices;

namespace InMARS.Tests.Support;

/// <summary>Memory of this process as Linux counts it. For tests that run alone.</summary>
internal static partial class PeakMemory
{
    /// <summary>Most bytes of RSS that were added while something was done.</summary>
    public static long Growth(Action work)
    {
        _ = Trim(0);
        var before = Read("VmRSS:");
        File.WriteAllText("/proc/self/clear_refs", "5");
        work();
        return Read("VmHWM:") - before;
    }

    private static long Read(string name) =>
        1024 * long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..^2], CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Trim(nuint left);
}
