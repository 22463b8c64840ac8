using System.Collections.Concurrent;

namespace InMARS.Pipeline.Graphs;

/// <summary>Threads for kernels that may never come back: as many as are needed at once, and none that keeps the process alive.</summary>
internal sealed class KernelThreads(string name) : IDisposable
{
    // Never disposed: a thread that hangs would come back to a queue that is gone.
    private readonly BlockingCollection<Action> _work = [];
    private int _free;

    /// <summary>Runs <paramref name="work"/>, which must not throw, on a thread that nothing else waits for.</summary>
    public void Run(Action work)
    {
        if (Interlocked.Decrement(ref _free) < 0)
        {
            Interlocked.Increment(ref _free);
            new Thread(Work) { IsBackground = true, Name = name }.Start();
        }

        _work.Add(work);
    }

    /// <summary>Ends the threads that are free now, and the others as soon as they are.</summary>
    public void Dispose() => _work.CompleteAdding();

    private void Work()
    {
        foreach (var work in _work.GetConsumingEnumerable())
        {
            work();
            Interlocked.Increment(ref _free);
        }
    }
}
