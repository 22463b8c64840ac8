using System.ComponentModel;
using System.Diagnostics;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Cli.Sweeps;

/// <summary>Makes each run in a process of its own: its threads and its memory are its own, and what kills it kills nothing else.</summary>
internal static class ChildProcess
{
    /// <summary>Starts this program once more.</summary>
    public static RunStarter OfThisProgram { get; } = (runFile, unfinished, log, stop) => RunAsync([.. Program(), .. Order(runFile, unfinished)], log, stop);

    /// <summary>Starts a program of this kind, with arguments that go before the command.</summary>
    public static RunStarter Of(params string[] program) => (runFile, unfinished, log, stop) => RunAsync([.. program, .. Order(runFile, unfinished)], log, stop);

    private static string[] Program() => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) != "dotnet"
        ? [path]
        : [Environment.ProcessPath ?? "dotnet", Path.Combine(AppContext.BaseDirectory, "inmars.dll")];

    private static string[] Order(string runFile, string? unfinished) => unfinished is null ? ["run", runFile, "--overwrite"] : ["resume", unfinished];

    /// <remarks>
    /// The end of its input tells the run to stop. A signal would be one too many where Ctrl-C went to both, and the input
    /// also ends when this process is killed, so no run outlives its sweep.
    /// </remarks>
    private static async Task<RunExit> RunAsync(string[] command, string log, CancellationToken stop)
    {
        await using var writer = Open(log);
        using var process = Start([.. command, Commands.RunCommand.StopWithInput]);
        await using var stopping = stop.Register(process.StandardInput.Close);
        var said = CopyAsync(process.StandardOutput, writer);
        var wrong = CopyAsync(process.StandardError, writer);
        await Task.WhenAll(said, wrong);
        await process.WaitForExitAsync(CancellationToken.None);
        return new RunExit(process.ExitCode, await wrong);
    }

    private static Process Start(string[] command)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }) ?? throw new RunException($"cannot start '{command[0]}'");
        }
        catch (Win32Exception e)
        {
            throw new RunException($"cannot start '{command[0]}': {e.Message}", e);
        }
    }

    private static TextWriter Open(string log)
    {
        try
        {
            return TextWriter.Synchronized(new StreamWriter(log) { AutoFlush = true });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot write '{log}': {e.Message}", e);
        }
    }

    /// <returns>The last line that is not empty.</returns>
    private static async Task<string> CopyAsync(StreamReader from, TextWriter to)
    {
        var last = "";
        while (await from.ReadLineAsync() is { } line)
        {
            await to.WriteLineAsync(line);
            last = line.Length > 0 ? line : last;
        }

        return last;
    }
}
