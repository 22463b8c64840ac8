namespace InMARS.Pipeline.Graphs;

/// <summary>Threads for kernels that may never come back: as many as are needed at once, and none that keeps the process alive.</summary>
internal sealed class KernelThreads(string name)
{
    private readonly object _gate = new();
    private readonly Queue<Action> _work = new();
    private int _free;
    private bool _closed;

    /// <summary>Runs <paramref name="work"/>, which must not throw, on a thread that nothing else waits for.</summary>
    public void Run(Action work)
    {
        lock (_gate)
        {
            _work.Enqueue(work);
            if (_free < _work.Count)
            {
                new Thread(Work) { IsBackground = true, Name = name }.Start();
            }

            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Ends the threads that are free now, and the others as soon as they are.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Work()
    {
        while (Next() is { } work)
        {
            work();
        }
    }

    private Action? Next()
    {
        lock (_gate)
        {
            _free++;
            while (_work.Count == 0 && !_closed)
            {
                Monitor.Wait(_gate);
            }

            _free--;
            return _work.TryDequeue(out var work) ? work : null;
        }
    }
}
