using System.Threading.Tasks.Dataflow;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>The block of a stage without state: applies its kernel, within the stage's time limit where it has one.</summary>
internal static class KernelBlock
{
    public static TransformManyBlock<Item<TIn>, Item<TOut>> Open<TIn, TOut>(StageRun stage, Func<TIn, ItemContext, Result<IReadOnlyList<TOut>>> kernel)
    {
        if (stage.Timed is null)
        {
            return stage.Hands is null
                ? new TransformManyBlock<Item<TIn>, Item<TOut>>(item => stage.Apply(item, kernel), stage.Options())
                : Open<TIn, TOut>(stage, item => Task.FromResult<IEnumerable<Item<TOut>>>(stage.Apply(item, kernel)));
        }

        var limited = stage.Timed.Limited<TIn, IReadOnlyList<TOut>>(
            (input, item, _) => Task.FromResult(kernel(input, item)), outputs => outputs.SelectMany(OwnedValues.Disposables));
        return Open<TIn, TOut>(stage, item => stage.ApplyAsync(item, limited, outputs => outputs));
    }

    public static TransformManyBlock<Item<TIn>, Item<TOut>> Open<TIn, TOut>(StageRun stage, AsyncKernel<TIn, TOut> kernel)
    {
        var limited = stage.Timed?.Limited(kernel, OwnedValues.Disposables) ?? kernel;
        return Open<TIn, TOut>(stage, item => stage.ApplyAsync(item, limited, IReadOnlyList<TOut> (output) => [output]));
    }

    private static TransformManyBlock<Item<TIn>, Item<TOut>> Open<TIn, TOut>(StageRun stage, Func<Item<TIn>, Task<IEnumerable<Item<TOut>>>> apply) =>
        new(stage.Hands is { } hands ? item => WithHandAsync(stage, hands, () => apply(item)) : apply, stage.Options());

    private static async Task<T> WithHandAsync<T>(StageRun stage, Hands hands, Func<Task<T>> apply)
    {
        await hands.TakeAsync(stage.Stop).ConfigureAwait(false);
        try
        {
            return await apply().ConfigureAwait(false);
        }
        finally
        {
            hands.Leave();
        }
    }
}
