using System.Diagnostics;
using System.Threading.Tasks.Dataflow;

namespace InMARS.Pipeline.Graphs;

/// <summary>A stage that takes one item at a time and may emit something more when the last one has passed.</summary>
/// <remarks>Dataflow's own blocks cannot emit at their end, and its BatchBlock counts items where we count messages.</remarks>
internal static class SequentialBlock
{
    /// <param name="step">What to emit for an item.</param>
    /// <param name="finish">What to emit after the last item of a flow that went well.</param>
    /// <param name="room">Messages that may wait behind the stage.</param>
    public static ISourceBlock<Item<TOut>> Open<TIn, TOut>(
        Run run,
        StageRun stage,
        ISourceBlock<Item<TIn>> upstream,
        ExecutionDataflowBlockOptions options,
        Func<Item<TIn>, IReadOnlyList<Item<TOut>>> step,
        Func<IReadOnlyList<Item<TOut>>> finish,
        int room)
    {
        var output = run.Watch(new BufferBlock<Item<TOut>>(new DataflowBlockOptions { BoundedCapacity = room, CancellationToken = run.Stop }));
        var input = new ActionBlock<Item<TIn>>(item => EmitAsync(run, stage, output, step(item)), options);
        upstream.LinkTo(input, Run.Linked);
        run.Watch(CompleteAsync(run, stage, input, output, options.TaskScheduler, finish));
        return output;
    }

    private static async Task EmitAsync<TOut>(Run run, StageRun stage, BufferBlock<Item<TOut>> output, IReadOnlyList<Item<TOut>> items)
    {
        foreach (var item in items)
        {
            var sent = output.SendAsync(item, run.Stop);
            if (!sent.IsCompletedSuccessfully)
            {
                var waiting = Stopwatch.GetTimestamp();
                await sent;
                stage.Meter.Blocked(Stopwatch.GetTimestamp() - waiting);
            }

            if (!await sent)
            {
                throw new OperationCanceledException("The run has stopped.");
            }
        }
    }

    private static async Task CompleteAsync<TIn, TOut>(
        Run run, StageRun stage, ActionBlock<Item<TIn>> input, BufferBlock<Item<TOut>> output, TaskScheduler scheduler, Func<IReadOnlyList<Item<TOut>>> finish)
    {
        await input.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            if (input.Completion.IsCompletedSuccessfully && !run.Stop.IsCancellationRequested)
            {
                var last = await Task.Factory.StartNew(finish, CancellationToken.None, TaskCreationOptions.None, scheduler).ConfigureAwait(false);
                await EmitAsync(run, stage, output, last).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            run.Fail(e);
        }
        finally
        {
            output.Complete();
        }

        await input.Completion.ConfigureAwait(false);
    }
}
