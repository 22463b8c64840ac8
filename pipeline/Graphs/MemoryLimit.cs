using System.Globalization;

namespace InMARS.Pipeline.Graphs;

/// <summary>How much memory this process may use: the smallest limit of its cgroups, or what the machine has.</summary>
/// <param name="Bytes">The limit.</param>
/// <param name="Origin">Where it comes from: <c>cgroup v2</c>, <c>cgroup v1</c> or <c>machine</c>.</param>
public sealed record MemoryLimit(long Bytes, string Origin)
{
    /// <summary>Budget of a run, in bytes: as asked for, or a quarter of what there is.</summary>
    public static long Budget(int memoryMb) => memoryMb > 0 ? memoryMb * 1024L * 1024L : Read().Bytes / 4;

    /// <summary>A use of it in words.</summary>
    public string Words(long used) => string.Create(
        CultureInfo.InvariantCulture, $"{used >> 20} MiB are in use of the {Bytes >> 20} MiB that this process may have ({Origin})");

    /// <param name="root">Folder in which <c>proc/</c> and <c>sys/</c> lie.</param>
    public static MemoryLimit Read(string root = "/")
    {
        var machine = new MemoryLimit(MachineBytes(Path.Combine(root, "proc/meminfo")), "machine");
        return Cgroups(root).Append(machine).Where(limit => limit.Bytes > 0).MinBy(limit => limit.Bytes) ?? machine;
    }

    private static IEnumerable<MemoryLimit> Cgroups(string root)
    {
        foreach (var line in Lines(Path.Combine(root, "proc/self/cgroup")))
        {
            if (line.Split(':', 3) is not [_, var controllers, var path])
            {
                continue;
            }

            var isV2 = controllers.Length == 0;
            if (isV2 || controllers.Split(',').Contains("memory"))
            {
                var mount = Path.Combine(root, isV2 ? "sys/fs/cgroup" : "sys/fs/cgroup/memory");
                var limits = Upwards(path).Select(folder => Path.Combine(mount, folder, isV2 ? "memory.max" : "memory.limit_in_bytes")).Select(Number);
                yield return new MemoryLimit(limits.Where(bytes => bytes > 0).DefaultIfEmpty(0).Min(), isV2 ? "cgroup v2" : "cgroup v1");
            }
        }
    }

    // A limit on a parent binds its children; in a container the path may not exist, but its root does.
    private static IEnumerable<string> Upwards(string path)
    {
        for (var folder = path.Trim('/'); folder.Length > 0; folder = Path.GetDirectoryName(folder) ?? "")
        {
            yield return folder;
        }

        yield return "";
    }

    private static long Number(string path) =>
        long.TryParse(Lines(path).FirstOrDefault(), CultureInfo.InvariantCulture, out var bytes) ? bytes : 0;

    private static long MachineBytes(string path)
    {
        var line = Lines(path).FirstOrDefault(l => l.StartsWith("MemTotal:", StringComparison.Ordinal))?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return line is [_, var kibibytes, ..] && long.TryParse(kibibytes, CultureInfo.InvariantCulture, out var n) ? n * 1024 : 0;
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
