using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Threading.Tasks.Dataflow;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>One stage while it runs: its books, its meter, and the way it applies a kernel to an item.</summary>
internal sealed class StageRun(Run run, string name, string declaredName, FlowOptions flow, StageBooks? upstream, bool sequential, long gathers) : IStageContext
{
    public string Name { get; } = declaredName;

    public StageBooks Books { get; } = new(name, (upstream?.Gathers ?? 1) * gathers);

    public StageBooks? Upstream { get; } = upstream;

    public bool Sequential { get; } = sequential;

    public ItemsInHand InHand { get; } = new();

    public StageMeter Meter { get; } = new(flow.Parallelism, run.Start);

    public string Stage { get; } = name;

    public string Flow => run.Plan.Name;

    public int Epochs => run.Plan.Epochs;

    public RunSettings Run => run.Host.Settings;

    public TimeProvider Time => run.Host.Time;

    public ExecutionDataflowBlockOptions Options(int? capacity = null, TaskScheduler? scheduler = null) => new()
    {
        MaxDegreeOfParallelism = flow.Parallelism,
        BoundedCapacity = capacity ?? flow.Capacity,
        EnsureOrdered = true,
        CancellationToken = run.Stop,
        TaskScheduler = scheduler ?? TaskScheduler.Default,
    };

    public string PathInRun(params ReadOnlySpan<string> parts) => run.Host.PathInRun(parts);

    public void Log(string kind, string? message = null, JsonObject? data = null) => run.Host.Log(Flow, Stage, kind, message, data);

    public void Show(string name, double value) => run.Show(name, value);

    public void Report(StageReport report) => run.Host.Report(Flow, Stage, report);

    public void Wrote(string shard, string path) => run.Host.Wrote(Flow, shard, path);

    public StageSnapshot Look()
    {
        var (count, oldest, age) = InHand.Look();
        return new StageSnapshot(Stage, count, oldest, age, Math.Max(0, (Upstream?.Emitted ?? Books.In) - Books.In));
    }

    public ItemContext ContextOf(ItemContext item) =>
        item with { Seed = Seeds.Of(run.Host.Settings.Seed, Stage, item.Epoch, item.Index) };

    /// <summary>Applies a kernel and settles the books and who owns what.</summary>
    /// <returns>The outputs, as items that are ready now; none when the item was rejected.</returns>
    public Item<TOut>[] Apply<TIn, TOut>(Item<TIn> item, Func<TIn, ItemContext, Result<IReadOnlyList<TOut>>> kernel)
    {
        Books.Took(item.Tickets);
        var begun = Meter.Begin(item.ReadyAt);
        InHand.Take(item);
        try
        {
            var context = ContextOf(item.Context);
            var result = Tried(() => kernel(item.Value, context), context.Seed);
            Meter.End(begun);
            return Settle(item, result);
        }
        catch (Exception e)
        {
            throw Failure(e, item.Context);
        }
        finally
        {
            InHand.Leave(item);
        }
    }

    public async Task<IEnumerable<Item<TOut>>> ApplyAsync<TIn, TOut>(Item<TIn> item, AsyncKernel<TIn, TOut> kernel)
    {
        Books.Took(item.Tickets);
        var begun = Meter.Begin(item.ReadyAt);
        InHand.Take(item);
        try
        {
            var result = await TriedAsync(item.Value, kernel, ContextOf(item.Context)).ConfigureAwait(false);
            Meter.End(begun);
            return Settle(item, result.Map(IReadOnlyList<TOut> (value) => [value]));
        }
        catch (Exception e)
        {
            throw Failure(e, item.Context);
        }
        finally
        {
            InHand.Leave(item);
        }
    }

    /// <summary>Writes off an item and stops the run when the policy says so.</summary>
    public void Reject<T>(Item<T> item, Fault fault)
    {
        Books.Reject();
        try
        {
            run.Refuse(() => Tell(item.Tickets, item.Context, fault));
        }
        finally
        {
            run.Budget.Leave(item.Tickets);
            run.Owned.Release(item.Value);
        }
    }

    private void Tell(IReadOnlyList<Ticket> tickets, ItemContext item, Fault fault)
    {
        foreach (var ticket in tickets.Distinct())
        {
            run.CountRejected();
            ticket.Shard.Rejected++;
            run.Host.Rejected(new Reject(Flow, Stage, ticket.Origin, item.Epoch, item.Index, fault) { Original = ticket.Original });
        }

        var policy = flow.OnFault == OnFault.Inherit ? run.Host.Settings.Rejects.OnFault : flow.OnFault;
        if (policy == OnFault.Stop)
        {
            var origin = tickets.Count > 0 ? tickets[0].Origin.ToString() : "an item";
            throw new RejectLimitException($"{origin}: {Stage} refused it ({fault.Code}: {fault.Message}), and on_fault is stop");
        }
    }

    /// <summary>Stops the run. A stray cancellation becomes an error: a block would swallow it and lose the item without a trace.</summary>
    public Exception Failure(Exception e, ItemContext item)
    {
        var cause = e is OperationCanceledException && !run.Stop.IsCancellationRequested
            ? new InvalidOperationException($"Stage '{Stage}' cancelled item {item.Index} of epoch {item.Epoch}, but the run goes on.", e)
            : e;
        run.Fail(cause);
        return cause == e ? new OperationCanceledException("The run has stopped.", e) : cause;
    }

    /// <summary>As a source asks it.</summary>
    public bool TryAgain(string what, Fault fault, int attempt)
    {
        if (!MayTryAgain(fault, attempt))
        {
            return false;
        }

        Wait(fault, attempt, Seeds.Of(Run.Seed, $"{Stage}\n{what}", 0, 0));
        return true;
    }

    private Result<T> Tried<T>(Func<Result<T>> kernel, ulong seed)
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = kernel();
            if (result is not Result<T>.Failed(var fault))
            {
                return result;
            }

            if (!MayTryAgain(fault, attempt))
            {
                return fault with { Attempts = attempt };
            }

            Wait(fault, attempt, seed);
        }
    }

    private async Task<Result<TOut>> TriedAsync<TIn, TOut>(TIn input, AsyncKernel<TIn, TOut> kernel, ItemContext item)
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = await kernel(input, item, run.Stop).ConfigureAwait(false);
            if (result is not Result<TOut>.Failed(var fault))
            {
                return result;
            }

            if (!MayTryAgain(fault, attempt))
            {
                return fault with { Attempts = attempt };
            }

            await WaitAsync(fault, attempt, item.Seed).ConfigureAwait(false);
        }
    }

    private bool MayTryAgain(Fault fault, int attempt) => fault.IsTransient && attempt <= flow.Retries;

    private Task WaitAsync(Fault fault, int attempt, ulong seed)
    {
        Log("retry", null, new JsonObject { ["code"] = fault.Code, ["message"] = fault.Message, ["attempt"] = attempt });
        return Task.Delay(Backoff.After(attempt, seed), Time, run.Stop);
    }

    private void Wait(Fault fault, int attempt, ulong seed) => WaitAsync(fault, attempt, seed).GetAwaiter().GetResult();

    private Item<TOut>[] Settle<TIn, TOut>(Item<TIn> item, Result<IReadOnlyList<TOut>> result)
    {
        if (result is not Result<IReadOnlyList<TOut>>.Ok(var outputs))
        {
            Reject(item, ((Result<IReadOnlyList<TOut>>.Failed)result).Fault);
            return [];
        }

        foreach (var output in outputs)
        {
            run.Owned.Own(output);
        }

        run.Owned.ReleaseAllBut(item.Value, outputs);
        Books.Pass();
        Books.Emit(outputs.Count);
        if (outputs.Count == 0)
        {
            run.Budget.Leave(item.Tickets);
            return [];
        }

        if (outputs.Count > 1)
        {
            run.Budget.Split(item.Tickets, outputs.Count - 1);
        }

        var now = Stopwatch.GetTimestamp();
        var items = new Item<TOut>[outputs.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = new Item<TOut>(outputs[i], item.Context, item.Tickets, now);
        }

        return items;
    }
}

/// <summary>The run bears no more faults: its policy says stop, or the limit is exceeded.</summary>
public sealed class RejectLimitException(string message) : Exception(message);
