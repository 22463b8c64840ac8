using System.Threading.Tasks.Dataflow;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>The block of a stage without state: applies its kernel, within the stage's time limit where it has one.</summary>
internal static class KernelBlock
{
    /// <param name="outputs">The outputs in what the kernel gives.</param>
    public static TransformManyBlock<Item<TIn>, Item<TOut>> Open<TIn, TGiven, TOut>(
        StageRun stage, Func<TIn, ItemContext, Result<TGiven>> kernel, Func<TGiven, IReadOnlyList<TOut>> outputs)
    {
        if (stage.Timed is null)
        {
            Func<Item<TIn>, Item<TOut>[]> apply = item => stage.Apply(item, kernel, outputs);
            return stage.Hands is { } hands
                ? new TransformManyBlock<Item<TIn>, Item<TOut>>(item => WithHandAsync(stage, hands, item, apply), stage.Options())
                : new TransformManyBlock<Item<TIn>, Item<TOut>>(apply, stage.Options());
        }

        var limited = stage.Timed.Limited<TIn, TGiven>(
            (input, item, _) => Task.FromResult(kernel(input, item)), given => outputs(given).SelectMany(OwnedValues.Disposables));
        return Open<TIn, TOut>(stage, item => stage.ApplyAsync(item, limited, outputs));
    }

    public static TransformManyBlock<Item<TIn>, Item<TOut>> Open<TIn, TOut>(StageRun stage, AsyncKernel<TIn, TOut> kernel)
    {
        var limited = stage.Timed?.Limited(kernel, OwnedValues.Disposables) ?? kernel;
        return Open<TIn, TOut>(stage, item => stage.ApplyAsync(item, limited, IReadOnlyList<TOut> (output) => [output]));
    }

    private static TransformManyBlock<Item<TIn>, Item<TOut>> Open<TIn, TOut>(StageRun stage, Func<Item<TIn>, Task<IEnumerable<Item<TOut>>>> apply) =>
        new(stage.Hands is { } hands ? item => WithHandAsync(stage, hands, item, apply) : apply, stage.Options());

    /// <remarks>One task an item, where that below would take two.</remarks>
    private static async Task<IEnumerable<Item<TOut>>> WithHandAsync<TIn, TOut>(StageRun stage, Hands hands, Item<TIn> item, Func<Item<TIn>, Item<TOut>[]> apply)
    {
        await hands.TakeAsync().ConfigureAwait(false);
        try
        {
            stage.Stop.ThrowIfCancellationRequested();
            return apply(item);
        }
        finally
        {
            hands.Leave();
        }
    }

    private static async Task<IEnumerable<Item<TOut>>> WithHandAsync<TIn, TOut>(
        StageRun stage, Hands hands, Item<TIn> item, Func<Item<TIn>, Task<IEnumerable<Item<TOut>>>> apply)
    {
        await hands.TakeAsync().ConfigureAwait(false);
        try
        {
            stage.Stop.ThrowIfCancellationRequested();
            return await apply(item).ConfigureAwait(false);
        }
        finally
        {
            hands.Leave();
        }
    }
}
