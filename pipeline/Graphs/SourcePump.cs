using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Dataflow;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>Reads a source epoch by epoch and feeds the graph no faster than capacity and memory allow.</summary>
internal sealed class SourcePump<T>(Run run, StageRun stage, Source<T> source, BufferBlock<Item<T>> output)
{
    /// <summary>Items that may wait between the source and the first stage.</summary>
    public const int Room = 4;

    public async Task PumpAsync()
    {
        try
        {
            var cursor = run.Plan.State?.Next ?? run.Plan.Start;
            for (; cursor.Epoch < run.Plan.Epochs; cursor = new Cursor(cursor.Epoch + 1, 0))
            {
                await PumpEpochAsync(cursor).ConfigureAwait(false);
                run.Borders.Want();
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
    }

    private async Task PumpEpochAsync(Cursor cursor)
    {
        var position = cursor.Position;
        string? shard = null;
        await run.Borders.PassAsync(cursor).ConfigureAwait(false);
        var reading = stage.Meter.Begin();
        await foreach (var sourced in source.Read(stage, cursor, run.Stop).ConfigureAwait(false))
        {
            stage.Meter.End(reading);
            if (source.GoesByShards && shard is not null && shard != sourced.Origin.Shard)
            {
                run.Borders.ShardEnded();
                await run.Borders.PassAsync(new Cursor(cursor.Epoch, position)).ConfigureAwait(false);
            }

            shard = sourced.Origin.Shard;
            await EmitAsync(sourced, new ItemContext(position, cursor.Epoch, 0, ProgressAt(cursor.Epoch, position))).ConfigureAwait(false);
            position++;
            run.Auto.Look(stage.Books.In);
            await run.Borders.PassAsync(new Cursor(cursor.Epoch, position)).ConfigureAwait(false);
            reading = stage.Meter.Begin();
        }
    }

    /// <remarks>It waits at almost every item, so what it is made of while it waits is used again.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask EmitAsync(Sourced<T> sourced, ItemContext context)
    {
        var ticket = new Ticket(sourced.Origin, sourced.Bytes, run.Shards.Take(context.Epoch, sourced.Origin.Shard), sourced.Original)
        {
            Arrays = sourced.Arrays ?? stage.ArraysOfNext(),
        };
        context = context with { Arrays = ticket.Arrays };
        Ticket[] tickets = [ticket];
        stage.Books.Took(tickets);
        await run.Budget.TakeAsync(ticket, run.Stop).ConfigureAwait(false);
        var value = sourced.Value.Match<T?>(read => read, _ => default);
        run.Owned.Own(value);
        if ((run.Host.Refusal(run.Plan.Name, sourced.Origin) ?? (sourced.Value as Result<T>.Failed)?.Fault) is { } fault)
        {
            stage.Reject(new Item<T?>(value, context, tickets, 0), fault);
            return;
        }

        stage.Books.Pass();
        stage.Books.Emit();
        var item = new Item<T>(value!, context, tickets, Stopwatch.GetTimestamp());
        if (!await output.SendAsync(item, run.Stop).ConfigureAwait(false))
        {
            throw new OperationCanceledException("The run has stopped.");
        }
    }

    private double ProgressAt(int epoch, long position) =>
        run.Count is > 0 and { } count
            ? Math.Min(1, (epoch + Math.Min(1.0, (double)position / count)) / run.Plan.Epochs)
            : double.NaN;
}
