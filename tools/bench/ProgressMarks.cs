using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Runs;

namespace InMARS.Bench;

/// <summary>Reads a number when shares of a flow have left the graph. Looks every millisecond, on a thread of its own that allocates nothing.</summary>
/// <param name="read">The number.</param>
/// <param name="shares">0 to 1, ascending.</param>
internal sealed class ProgressMarks(Func<long> read, params double[] shares) : IRunObserver, IDisposable
{
    private readonly (long Done, long Value)[] _marks = new (long Done, long Value)[shares.Length];
    private volatile bool _over;
    private Thread? _thread;

    /// <summary>Items that had left the graph at each share, or somewhat later, and the number then. Of a flow that has ended.</summary>
    public IReadOnlyList<(long Done, long Value)> Read()
    {
        _thread!.Join();
        return _marks;
    }

    public void FlowStarted(FlowProgress progress)
    {
        _thread = new Thread(() => Watch(progress)) { IsBackground = true };
        _thread.Start();
    }

    public void FlowEnded(FlowSummary summary) => _over = true;

    public void Message(string flow, string kind, string message)
    {
    }

    public void Reported(FlowReport report)
    {
    }

    public void Dispose() => _over = true;

    private void Watch(FlowProgress progress)
    {
        for (var i = 0; i < shares.Length; i++)
        {
            while (!_over && progress.Done() < progress.Total * shares[i])
            {
                Thread.Sleep(1);
            }

            _marks[i] = (progress.Done(), read());
        }
    }
}
