using System.Globalization;

namespace InMARS.Pipeline.Graphs;

/// <summary>What this process may use: the limit of its cgroup (version 2 or 1) or, without one, the machine's memory.</summary>
public static class MemoryLimit
{
    private static readonly string[] CgroupFiles = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];

    public static long Bytes => Of(CgroupFiles, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>Budget of a run, in bytes: as asked for, or a quarter of what there is.</summary>
    public static long Budget(int memoryMb) => memoryMb > 0 ? memoryMb * 1024L * 1024L : Bytes / 4;

    /// <summary>The smallest of the limits that the files state and the machine's memory.</summary>
    internal static long Of(IEnumerable<string> files, long machine) => files
        .Where(File.Exists)
        .Select(file => long.TryParse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture, out var limit) ? limit : long.MaxValue)
        .Where(limit => limit > 0)
        .Append(machine)
        .Min();
}
