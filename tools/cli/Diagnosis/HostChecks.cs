using System.Runtime.InteropServices;
using InMARS.Pipeline.Graphs;

namespace InMARS.Cli.Diagnosis;

/// <summary>The runtime, the C libraries, and what the machine has of threads, memory and disk.</summary>
internal static class HostChecks
{
    private const long LeastDisk = 256L << 20;
    private const double Gibibyte = 1L << 30;

    public static IEnumerable<Finding> All()
    {
        yield return Runtime();
        yield return CLibrary();
        yield return CppLibrary();
        yield return Finding.Note("threads", $"{Environment.ProcessorCount}");
        yield return Memory();
        yield return Disk("runs");
        yield return WaitPolicy();
    }

    internal static Finding Disk(string folder)
    {
        var existing = Path.GetFullPath(folder);
        while (!Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing) ?? "/";
        }

        var subject = $"disk at ./{folder}";
        try
        {
            var free = new DriveInfo(existing).AvailableFreeSpace;
            var text = $"{free / Gibibyte:F1} GiB free";
            return free >= LeastDisk ? Finding.Ok(subject, text) : Finding.Missing(subject, text, "free some space, or set run.output to another folder");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Note(subject, $"free space unknown: {e.Message}");
        }
    }

    private static Finding Runtime()
    {
        var text = $"{Environment.Version} on {RuntimeInformation.OSDescription} ({RuntimeInformation.RuntimeIdentifier})";
        return Environment.Version.Major >= 10 && RuntimeInformation.ProcessArchitecture == Architecture.X64
            ? Finding.Ok(".NET", text)
            : Finding.Missing(".NET", text, "use .NET 10 on x86-64: https://dotnet.microsoft.com/download/dotnet/10.0");
    }

    private static Finding CLibrary() => Libc.Version() is { } version
        ? Finding.Ok("glibc", version)
        : Finding.Missing("glibc", "not found; libtorch and OpenCV are built for it", "use a distribution with glibc, such as Debian 12 or Ubuntu 24.04");

    private static Finding CppLibrary()
    {
        if (!NativeLibrary.TryLoad("libstdc++.so.6", out _))
        {
            return Finding.Missing("libstdc++", "not found", "sudo apt-get install -y --no-install-recommends libstdc++6");
        }

        var file = File.ReadLines("/proc/self/maps").Select(l => Path.GetFileName(l.TrimEnd())).FirstOrDefault(f => f.StartsWith("libstdc++.so.6", StringComparison.Ordinal));
        return Finding.Ok("libstdc++", file is { Length: > 14 } ? $"GLIBCXX_3.4{Path.GetExtension(file)}" : "found");
    }

    private static Finding Memory()
    {
        var limit = MemoryLimit.Read();
        return Finding.Note("memory", $"{limit.Bytes / Gibibyte:F1} GiB ({limit.Origin})");
    }

    private static Finding WaitPolicy() => Libc.Variable("OMP_WAIT_POLICY") is { } policy
        ? Finding.Note("OMP_WAIT_POLICY", $"{policy}, as native libraries see it")
        : Finding.Note("OMP_WAIT_POLICY", "unset: torch's waiting threads spin and take time from other stages");
}
