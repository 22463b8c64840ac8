using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using TorchSharp;

namespace InMARS.Stages.Learning;

/// <summary>What is settled for torch once in a process: idle threads, their number, and the device.</summary>
public static partial class TorchRuntime
{
    private const int TrimThreshold = -1; // M_TRIM_THRESHOLD of malloc.h
    private const int MmapThreshold = -3; // M_MMAP_THRESHOLD
    private const int ArenaMax = -8; // M_ARENA_MAX

    /// <summary>Threads torch is given for a setting of <paramref name="threads"/>: 0 means all cores, and never more than there are.</summary>
    public static int ThreadCount(int threads) =>
        threads <= 0 ? Environment.ProcessorCount : Math.Min(threads, Environment.ProcessorCount);

    /// <summary>Sets the threads of torch's operators, for the whole process.</summary>
    /// <param name="threads">0 means all cores.</param>
    public static void SetThreads(int threads) => torch.set_num_threads(ThreadCount(threads));

    /// <summary>Settles threads and device for a stage that opens a network, and tells its graph how many cores that takes.</summary>
    /// <returns>The device.</returns>
    public static torch.Device Open(IStageContext context)
    {
        SetThreads(context.Run.Threads);
        var device = Device(context.Run.Device);
        context.UsesThreads(device.type == DeviceType.CPU ? ThreadCount(context.Run.Threads) : 1);
        return device;
    }

    /// <summary>The device a run asked for.</summary>
    /// <param name="name"><c>auto</c>, <c>cpu</c> or <c>cuda</c>; <c>auto</c> takes CUDA where it works.</param>
    public static torch.Device Device(string name) => name switch
    {
        "cpu" => torch.CPU,
        "auto" => torch.cuda.is_available() ? torch.CUDA : torch.CPU,
        "cuda" when torch.cuda.is_available() => torch.CUDA,
        "cuda" => throw new RunException(
            "run.device is 'cuda', but torch finds no CUDA device: this build has libtorch for the CPU, or the driver does not work. Use 'auto' or 'cpu'."),
        _ => throw new ArgumentException($"expected auto, cpu or cuda, found '{name}'", nameof(name)),
    };

    /// <summary>What must be settled before the first torch call of any caller.</summary>
    /// <remarks>
    /// Idle OpenMP threads sleep: spinning ones take the cores from the stages that work beside torch. Through libc,
    /// because <see cref="Environment.SetEnvironmentVariable(string, string)"/> does not reach it on Linux; what the user
    /// has set stays. Tensors up to 32 MiB, the most that glibc allows, come from its heaps: fresh pages for each cost more
    /// than much of the arithmetic on it. And it keeps no more heaps than there are cores, in place of eight for each,
    /// over which freed memory spreads unused.
    /// </remarks>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "libgomp and the allocator read these before any torch call of any caller.")]
    internal static void Settle()
    {
        _ = SetEnvironment("OMP_WAIT_POLICY", "PASSIVE", 0);
        try
        {
            _ = TuneAllocator(MmapThreshold, 32 << 20);
            _ = TuneAllocator(TrimThreshold, 256 << 20);
            _ = TuneAllocator(ArenaMax, Environment.ProcessorCount);
        }
        catch (EntryPointNotFoundException)
        {
            // A C library other than glibc: it has a policy of its own.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int TuneAllocator(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
