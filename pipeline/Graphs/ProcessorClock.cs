using System.Runtime.InteropServices;

namespace InMARS.Pipeline.Graphs;

/// <summary>Processor time: what programs beside this one do not change.</summary>
internal static partial class ProcessorClock
{
    private const int OfProcess = 2; // CLOCK_PROCESS_CPUTIME_ID of time.h
    private const int OfThread = 3; // CLOCK_THREAD_CPUTIME_ID

    /// <summary>Nanoseconds that all threads of this process had, and those that this thread had.</summary>
    public static (long Process, long Thread) Now() => (Read(OfProcess), Read(OfThread));

    private static long Read(int clock) => GetTime(clock, out var time) == 0 ? (time.Seconds * 1_000_000_000) + time.Nanoseconds : 0;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int GetTime(int clock, out Moment time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Moment
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
