using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace InMARS.Cli.Diagnosis;

/// <summary>The few things that only the C library knows.</summary>
internal static class Libc
{
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

    [DllImport("libc", EntryPoint = "gnu_get_libc_version")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint GnuGetLibcVersion();

    [DllImport("libc", EntryPoint = "getenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint GetEnv([MarshalAs(UnmanagedType.LPUTF8Str)] string name);
}
