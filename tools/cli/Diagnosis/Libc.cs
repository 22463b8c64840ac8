using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace InMARS.Cli.Diagnosis;

/// <summary>The few things that only the C library knows.</summary>
internal static class Libc
{
    /// <summary>M_ARENA_MAX of glibc's malloc.h.</summary>
    private const int ArenaMax = -8;

    /// <summary>Version of glibc, such as 2.36; null where the C library is another one.</summary>
    public static string? Version()
    {
        try
        {
            return Marshal.PtrToStringUTF8(GnuGetLibcVersion());
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>An environment variable as native libraries see it, which on Linux may differ from what .NET shows.</summary>
    public static string? Variable(string name) => Marshal.PtrToStringUTF8(GetEnv(name));

    /// <summary>
    /// Lets malloc keep no more heaps than there are cores, in place of eight for each: freed memory of images and tensors,
    /// which any thread may ask for, is else spread over all of them and never found again. MALLOC_ARENA_MAX overrules it.
    /// </summary>
    public static void LimitHeaps()
    {
        if (Environment.GetEnvironmentVariable("MALLOC_ARENA_MAX") is not null)
        {
            return;
        }

        try
        {
            _ = MallOpt(ArenaMax, Environment.ProcessorCount);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library, with a malloc of its own.
        }
    }

    /// <summary>Ends the process as it stands. Destructors of native libraries do not run: they would pull the ground from under kernels at work.</summary>
    [DoesNotReturn]
    public static void ExitAtOnce(int code)
    {
        Exit(code);
        Environment.FailFast("The process has not ended.");
    }

    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void Exit(int code);

    [DllImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MallOpt(int parameter, int value);

    [DllImport("libc", EntryPoint = "gnu_get_libc_version")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint GnuGetLibcVersion();

    [DllImport("libc", EntryPoint = "getenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint GetEnv([MarshalAs(UnmanagedType.LPUTF8Str)] string name);
}
