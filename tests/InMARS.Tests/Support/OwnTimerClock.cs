namespace InMARS.Tests.Support;

/// <summary>A clock whose timers fire only when the thread that made one asks for it, so that a test decides which kernel is late.</summary>
internal sealed class OwnTimerClock : TimeProvider
{
    [ThreadStatic]
    private static Action? _mine;
    private int _made;

    /// <summary>Timers made so far.</summary>
    public int Made => Volatile.Read(ref _made);

    /// <summary>Fires the timer that this thread made last.</summary>
    public static void FireMine() => _mine!();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref _made);
        _mine = () => callback(state);
        return new Timer();
    }

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
