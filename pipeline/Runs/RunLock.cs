using System.Text;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Runs;

/// <summary>A run directory in the hands of one process: the file <c>lock</c> in it says whose.</summary>
/// <remarks>
/// The file is made, taken over and removed under a lock of the system on <c>lock.guard</c>, which stays in the folder and
/// which the system opens again when its process dies. The heartbeat only sets the time of the file: that needs no
/// space, so a full disk does not make a run look dead.
/// </remarks>
public sealed class RunLock : IDisposable
{
    public const string FileName = "lock";

    /// <summary>The file beside it that orders who may touch it; empty, and never removed on its own.</summary>
    public const string GuardName = "lock.guard";

    private static readonly TimeSpan BetweenBeats = TimeSpan.FromSeconds(10);
    private readonly string _path;
    private readonly string _guard;
    private readonly string _text;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost = new();
    private readonly ITimer _beats;
    private int _disposed;

    private RunLock(string directory, string text, TimeProvider time)
    {
        (_path, _guard, _text, _time) = (Path.Combine(directory, FileName), Path.Combine(directory, GuardName), text, time);
        _beats = time.CreateTimer(_ => Beat(), null, BetweenBeats, BetweenBeats);
    }

    /// <summary>
    /// Cancelled when the lock is no longer that of this process, which must then write no more: it was suspended for a minute and
    /// taken for dead by another machine, or somebody removed the file.
    /// </summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Locks the directory, which must be there, for this process.</summary>
    /// <param name="tell">Hears a sentence when the lock of a dead run is taken over.</param>
    /// <exception cref="RunException">A living run holds the directory, or it is not writable.</exception>
    public static RunLock Take(string directory, TimeProvider time, Action<string> tell)
    {
        var path = Path.Combine(directory, FileName);
        var text = LockHolder.TextOf(ProcessIdentity.Current, Environment.MachineName, time.GetUtcNow());
        LockHolder? dead = null;
        RunGuard.Hold(Path.Combine(directory, GuardName), () =>
        {
            dead = LockHolder.Read(path, time);
            if (dead is { Alive: true })
            {
                throw new RunException(Refusal(directory, dead, time));
            }

            AtomicFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(text)));
            File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
        });
        if (dead is not null)
        {
            tell($"took over '{directory}' from {dead.Told(time)}, which is no longer alive");
        }

        return new RunLock(directory, text, time);
    }

    /// <summary>Who holds the directory, without taking it.</summary>
    /// <returns>Null where nobody does: there is no lock, or only that of a dead run, or no such folder.</returns>
    /// <exception cref="RunException">The lock is there and cannot be read.</exception>
    public static LockHolder? Holder(string directory, TimeProvider time) =>
        LockHolder.Read(Path.Combine(directory, FileName), time) is { Alive: true } holder ? holder : null;

    /// <summary>Why a directory cannot be had, in one sentence for the user.</summary>
    public static string Refusal(string directory, LockHolder holder, TimeProvider time) => holder.Pid is null
        ? $"the run directory '{directory}' is held by {holder.Told(time)}; if no run goes on there, try again in a minute"
        : $"the run directory '{directory}' is held by {holder.Told(time)}; wait until that run ends, or stop it first";

    /// <summary>Removes the lock, if it is still that of this process.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        _beats.Dispose();
        if (File.Exists(_path))
        {
            RunGuard.Hold(_guard, () =>
            {
                if (IsOurs())
                {
                    File.Delete(_path);
                }
            });
        }

        _lost.Dispose();
    }

    private bool IsOurs() => File.Exists(_path) && File.ReadAllText(_path) == _text;

    private void Beat()
    {
        try
        {
            if (IsOurs())
            {
                File.SetLastWriteTimeUtc(_path, _time.GetUtcNow().UtcDateTime);
            }
            else if (Volatile.Read(ref _disposed) == 0)
            {
                _lost.Cancel();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // A beat that is missed is made up for by the next; a minute of them is what makes a run look dead.
        }
    }
}
