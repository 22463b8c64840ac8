using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>One call of a kernel with a time limit. Either its answer counts or the fault that it is late, never both.</summary>
/// <param name="arrays">Those of the item, which the kernel writes into.</param>
/// <param name="kernel">Called once.</param>
internal sealed class TimedCall<TIn, TOut>(TimedKernels kernels, TIn input, ItemArrays? arrays, Func<Task<Result<TOut>>> kernel, Func<TOut, IEnumerable<IDisposable>> disposables)
{
    private readonly TaskCompletionSource<Result<TOut>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private IReadOnlyList<IDisposable>? _left;
    private bool _done;

    /// <summary>What the kernel gave or threw, or the fault that it gave nothing in time.</summary>
    public Task<Result<TOut>> Answer => _answer.Task;

    /// <summary>Calls the kernel on this thread; never throws.</summary>
    public async Task RunAsync()
    {
        Task<Result<TOut>> work;
        using (kernels.Time.CreateTimer(_ => Expire(), null, kernels.Limit, Timeout.InfiniteTimeSpan))
        {
            work = CallAsync();
            await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (IsInTime())
        {
            _answer.SetFromTask(work);
            return;
        }

        var late = work.IsCompletedSuccessfully ? (await work.ConfigureAwait(false)).Match(disposables, _ => []) : [];
        await kernels.ReturnAsync(_left!.Union(late, ReferenceEqualityComparer.Instance).Cast<IDisposable>()).ConfigureAwait(false);
    }

    private async Task<Result<TOut>> CallAsync() => await kernel().ConfigureAwait(false);

    private void Expire()
    {
        lock (_gate)
        {
            if (_done)
            {
                return;
            }

            // Before the run hears of it and lets go of the input, which the kernel still reads.
            _left = kernels.Abandon(input, arrays);
            _done = true;
        }

        _answer.SetResult(kernels.Late);
    }

    private bool IsInTime()
    {
        lock (_gate)
        {
            _done = true;
            return _left is null;
        }
    }
}
