using System.Collections.Concurrent;

namespace InMARS.Tests.Support;

/// <summary>A clock on which every wait is over at once, or never; it remembers how long each was to be.</summary>
internal sealed class WaitlessClock(bool ends = true) : TimeProvider
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    /// <summary>Done when somebody waits.</summary>
    public Task Asked => _asked.Task;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waits.Enqueue(dueTime);
        if (ends)
        {
            ThreadPool.QueueUserWorkItem(_ => callback(state));
        }

        _asked.TrySetResult();
        return new Timer();
    }

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
