using System.Globalization;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>
/// The kernels of a stage whose items have a time limit. Nothing ends a kernel from outside, so each call has a thread of its own; a
/// late one stays behind there with the input it reads, and what it gives in the end is disposed there.
/// </summary>
internal sealed class TimedKernels(Run run, string stage, TimeSpan limit)
{
    /// <summary>Kernels that may hang in a stage before the run is stopped.</summary>
    public const int MostHanging = 4;

    private readonly KernelThreads _threads = new(stage);
    private readonly Lock _gate = new();
    private readonly List<Func<ValueTask>> _closings = [];
    private int _hanging;

    public TimeSpan Limit => limit;

    public TimeProvider Time => run.Host.Time;

    /// <summary>Why a late item is rejected.</summary>
    public Fault Late { get; } = new("item.timeout", string.Create(CultureInfo.InvariantCulture, $"the stage was at it for more than {limit.TotalSeconds:0.###} s"));

    /// <summary>The same kernel with the limit.</summary>
    public AsyncKernel<TIn, TOut> Limited<TIn, TOut>(AsyncKernel<TIn, TOut> kernel, Func<TOut, IEnumerable<IDisposable>> disposables) => (input, item, stop) =>
    {
        var call = new TimedCall<TIn, TOut>(this, input, item.Arrays, () => kernel(input, item, stop), disposables);
        _threads.Run(() => _ = call.RunAsync());
        return call.Answer;
    };

    /// <summary>A kernel is late: what it reads, and the arrays that it may still write into, are no longer the run's.</summary>
    /// <returns>What is to be disposed when it comes back.</returns>
    public IReadOnlyList<IDisposable> Abandon<TIn>(TIn input, ItemArrays? arrays)
    {
        arrays?.Forget();
        lock (_gate)
        {
            _hanging++;
        }

        return run.Owned.GiveUp(input);
    }

    /// <summary>A late kernel has come back, perhaps long after the run.</summary>
    public async Task ReturnAsync(IEnumerable<IDisposable> left)
    {
        try
        {
            foreach (var disposable in left)
            {
                disposable.Dispose();
            }

            foreach (var close in Came())
            {
                await close().ConfigureAwait(false);
            }
        }
        catch (Exception)
        {
            // Its item is rejected and nobody waits for this thread; what is thrown here would end the process.
        }
    }

    /// <summary>Asks the run to stop where too many kernels hang.</summary>
    /// <param name="item">The item at which the last was late.</param>
    public void StopIfMany(IReadOnlyList<Ticket> item)
    {
        int hanging;
        lock (_gate)
        {
            hanging = _hanging;
        }

        if (hanging > MostHanging)
        {
            run.Host.Stop($"{hanging} kernels of {stage} have not come back, the last at {(item is [var first, ..] ? first.Origin : "an item")}; no more than {MostHanging} may be left behind");
        }
    }

    /// <summary>The flow has ended; what late kernels still use is closed when the last of them has come back.</summary>
    public ValueTask CloseAsync(Func<ValueTask> close)
    {
        _threads.Close();
        lock (_gate)
        {
            if (_hanging > 0)
            {
                _closings.Add(close);
                return ValueTask.CompletedTask;
            }
        }

        return close();
    }

    private IReadOnlyList<Func<ValueTask>> Came()
    {
        lock (_gate)
        {
            return --_hanging == 0 ? [.. _closings] : [];
        }
    }
}
