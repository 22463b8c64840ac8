using System.Diagnostics;

namespace InMARS.Tests.Support;

/// <summary>The program in a process of its own.</summary>
/// <param name="directory">Its current directory.</param>
internal sealed class Inmars(string directory)
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "inmars");

    public string Directory => directory;

    /// <summary>Starts it and waits for its end.</summary>
    /// <returns>Its exit code and what it said.</returns>
    public async Task<(int Code, string Told)> RunAsync(params string[] args)
    {
        using var process = Start(args);
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await said + await wrong);
    }

    /// <summary>Starts it and lets <paramref name="end"/> end it.</summary>
    /// <returns>Its exit code, and what it said.</returns>
    public async Task<(int Code, string Told)> RunAsync(Action<Process> end, params string[] args)
    {
        using var process = Start(args);
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        end(process);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await said + await wrong);
    }

    /// <remarks>A shell starts its background jobs deaf to SIGINT, and children inherit that; env gives them their hearing back.</remarks>
    private Process Start(string[] args) => Process.Start(new ProcessStartInfo("env", ["--default-signal=INT", Program, .. args])
    {
        WorkingDirectory = directory,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
