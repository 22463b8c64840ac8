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
            return new TransformManyBlock<Item<TIn>, Item<TOut>>(item => stage.Apply(item, kernel), stage.Options());
        }

        var limited = stage.Timed.Limited<TIn, IReadOnlyList<TOut>>(
            (input, item, _) => Task.FromResult(kernel(input, item)), outputs => outputs.SelectMany(OwnedValues.Disposables));
        return new TransformManyBlock<Item<TIn>, Item<TOut>>(item => stage.ApplyAsync(item, limited, outputs => outputs), stage.Options());
    }

    public static TransformManyBlock<Item<TIn>, Item<TOut>> Open<TIn, TOut>(StageRun stage, AsyncKernel<TIn, TOut> kernel)
    {
        var limited = stage.Timed?.Limited(kernel, OwnedValues.Disposables) ?? kernel;
        return new TransformManyBlock<Item<TIn>, Item<TOut>>(
            item => stage.ApplyAsync(item, limited, IReadOnlyList<TOut> (output) => [output]), stage.Options());
    }
}
