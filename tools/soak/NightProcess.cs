using System.Diagnostics;

namespace InMARS.Soak;

/// <summary>The program at work on the run; it does not outlive this object.</summary>
internal sealed class NightProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly Process _process;
    private readonly Task<string> _said;
    private readonly Task<string> _wrong;

    private NightProcess(Process process) =>
        (_process, _said, _wrong) = (process, process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());

    public bool HasEnded => _process.HasExited;

    /// <remarks>What a shell has put into the background ignores SIGINT, and so would its children.</remarks>
    public static NightProcess Start(string program, string directory, params IReadOnlyList<string> arguments) => new(Process.Start(
        new ProcessStartInfo("env", ["--default-signal=INT", program, .. arguments])
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);

    /// <summary>Waits for a time, or until something is so, or until the process has ended.</summary>
    public async Task WaitAsync(TimeSpan longest, Func<bool> until, CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        while (!HasEnded && !until() && Stopwatch.GetElapsedTime(start) is var waited && waited < longest)
        {
            var glance = TimeSpan.FromMilliseconds(Math.Min(100, (longest - waited).TotalMilliseconds));
            await Task.Delay(glance, stop);
        }
    }

    public void Kill() => _process.Kill();

    /// <param name="name">Such as TERM.</param>
    public Task SignalAsync(string name) => Command.RunAsync("kill", $"-{name}", $"{_process.Id}");

    /// <summary>Waits for the end; a process that does not come to one is killed.</summary>
    /// <returns>Its exit code, 128 + 9 for one that was killed, and what it said.</returns>
    public async Task<(int Code, string Told)> EndAsync(CancellationToken stop)
    {
        await WaitAsync(Patience, () => false, stop);
        if (!HasEnded)
        {
            Kill();
        }

        await _process.WaitForExitAsync(stop);
        return (_process.ExitCode, await _said + await _wrong);
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasEnded)
        {
            Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
