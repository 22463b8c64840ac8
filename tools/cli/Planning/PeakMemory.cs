using System.Globalization;

namespace InMARS.Cli.Planning;

/// <summary>The most memory that this process has had resident, as the system counts it.</summary>
internal static class PeakMemory
{
    /// <summary>Counts anew from now on. Where the system does not allow that, the peak is that of the process so far.</summary>
    public static void Reset()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An older peak is too high a figure, which is the safe side.
        }
    }

    /// <summary>In bytes; 0 where the system does not tell.</summary>
    public static long Read()
    {
        try
        {
            var line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kibibytes, ..] ? long.Parse(kibibytes, CultureInfo.InvariantCulture) << 10 : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
