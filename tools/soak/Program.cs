using System.Diagnostics;
using System.Runtime.InteropServices;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Soak;

/// <summary>Disturbs a run for some minutes and looks whether anything of it shows.</summary>
internal static class Program
{
    private const int Interrupted = 130;

    /// <returns>0 where nothing shows, 1 where something does, 2 for arguments that are not understood, 130 when it was interrupted.</returns>
    public static async Task<int> Main(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var onHangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        try
        {
            return await RunAsync(SoakOptions.Parse(args), stop.Token);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync($"{e.Message}\n{SoakOptions.Usage}");
            return 2;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or RunException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("interrupted");
            return Interrupted;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            _ = stop.CancelAsync();
        }
    }

    private static async Task<int> RunAsync(SoakOptions options, CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        var folder = Directory.CreateDirectory(options.Folder).FullName;
        if (Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new FormatException($"expected a folder that is empty or not there, found things in '{folder}'");
        }

        var report = await RunAsync(new Soak(options, text => Console.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalSeconds,6:0} s  {text}")), folder, stop);
        Console.WriteLine(SoakTable.Of(report));
        if (report.Tally.Findings.Count > 0)
        {
            Console.WriteLine($"what the runs left is in {folder}");
            return 1;
        }

        Directory.Delete(folder, recursive: true);
        return 0;
    }

    /// <summary>An interrupted soak leaves nothing.</summary>
    private static async Task<SoakReport> RunAsync(Soak soak, string folder, CancellationToken stop)
    {
        try
        {
            return await soak.RunAsync(stop);
        }
        catch (OperationCanceledException)
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }
}
