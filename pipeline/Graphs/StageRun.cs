using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Threading.Tasks.Dataflow;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>One stage while it runs: its books, its meter, and the way it applies a kernel to an item.</summary>
internal sealed class StageRun : IStageContext
{
    private readonly Run _run;
    private readonly FlowOptions _flow;
    private readonly Attempts _attempts;
    private readonly StageKind _kind;

    public StageRun(Run run, string name, string declaredName, FlowOptions flow, StageBooks? upstream, StageKind kind)
    {
        (_run, _flow, Name, Stage, Upstream, _kind) = (run, flow, declaredName, name, upstream, kind);
        _attempts = new Attempts(run, this, flow.Retries);
        Books = new StageBooks(name, (upstream?.Gathers ?? 1) * kind.Gathers);
        Meter = new StageMeter(flow.Parallelism, run.Start, run.Plan.OneAtATime);
        var limit = kind.Sequential ? 0 : flow.ItemTimeoutSeconds ?? Run.ItemTimeoutSeconds;
        Timed = limit > 0 ? new TimedKernels(run, name, TimeSpan.FromSeconds(limit)) : null;
        Hands = flow is { ParallelismIsAuto: true, Parallelism: > 1 } && !kind.Sequential ? new Hands(flow.Parallelism) : null;
    }

    public string Name { get; }

    public StageBooks Books { get; }

    public StageBooks? Upstream { get; }

    public bool Sequential => _kind.Sequential;

    public bool IsSink => _kind.IsSink;

    /// <summary>Inputs that one of its outputs holds, at most.</summary>
    public int Gathers => _kind.Gathers;

    /// <summary>Cores that one call keeps busy.</summary>
    public int Threads { get; private set; } = 1;

    /// <summary>Whether the first items settle how it runs.</summary>
    public bool IsAuto => Hands is not null || _flow.CapacityIsAuto;

    /// <summary>Bounds the kernels at work where the first items settle their number; null where it is given.</summary>
    public Hands? Hands { get; }

    /// <summary>Holds kernels to the time that they may take for an item; null where they may take any.</summary>
    public TimedKernels? Timed { get; }

    public ItemsInHand InHand { get; } = new();

    public StageMeter Meter { get; }

    public string Stage { get; }

    public string Flow => _run.Plan.Name;

    public int Epochs => _run.Plan.Epochs;

    public RunSettings Run => _run.Host.Settings;

    public TimeProvider Time => _run.Host.Time;

    public ExecutionDataflowBlockOptions Options(int? capacity = null, TaskScheduler? scheduler = null) => new()
    {
        MaxDegreeOfParallelism = _flow.Parallelism,
        BoundedCapacity = capacity ?? _flow.Capacity,
        EnsureOrdered = true,
        CancellationToken = _run.Stop,
        TaskScheduler = scheduler ?? TaskScheduler.Default,
    };

    /// <summary>Cancelled when the flow is to end at once.</summary>
    public CancellationToken Stop => _run.Stop;

    public string PathInRun(params ReadOnlySpan<string> parts) => _run.Host.PathInRun(parts);

    public void Log(string kind, string? message = null, JsonObject? data = null) => _run.Host.Log(Flow, Stage, kind, message, data);

    public void Show(string name, double value) => _run.Show(name, value);

    public void UsesThreads(int threads) => Threads = threads;

    public void Report(StageReport report) => _run.Host.Report(Flow, Stage, report);

    public void Wrote(string shard, string path) => _run.Host.Wrote(Flow, shard, path);

    public StageSnapshot Look()
    {
        var (count, oldest, age) = InHand.Look();
        return new StageSnapshot(Stage, count, oldest, age, Math.Max(0, (Upstream?.Emitted ?? Books.In) - Books.In));
    }

    public ItemArrays? ArraysOfNext() => _run.Arrays is { } store ? new ItemArrays(store) : null;

    /// <summary>As a source asks it.</summary>
    public bool TryAgain(string what, Fault fault, int attempt) => _attempts.TryAgain(what, fault, attempt);

    /// <summary>Closes what the stage opened, as soon as no kernel uses it any more.</summary>
    public ValueTask CloseAsync<T>(T resource) => Timed is null ? Closing.Close(resource) : Timed.CloseAsync(() => Closing.Close(resource));

    public ItemContext ContextOf(ItemContext item) =>
        item with { Seed = Seeds.Of(_run.Host.Settings.Seed, Stage, item.Epoch, item.Index) };

    /// <summary>A setting with what was asked for in its place.</summary>
    public StageSetting Given(StageSetting its) => its with
    {
        Parallelism = Hands is null ? _flow.Parallelism : its.Parallelism,
        Capacity = _flow.CapacityIsAuto ? its.Capacity : _flow.Capacity,
    };

    /// <summary>No more kernels than these are at work once those are done that are.</summary>
    public void Lower(int parallelism)
    {
        Hands?.Lower(parallelism);
        Meter.Lower(parallelism);
    }

    /// <summary>Applies a kernel and settles the books and who owns what.</summary>
    /// <param name="outputs">The outputs in what it gives.</param>
    /// <returns>The outputs, as items that are ready now; none when the item was rejected.</returns>
    public Item<TOut>[] Apply<TIn, TGiven, TOut>(Item<TIn> item, Func<TIn, ItemContext, Result<TGiven>> kernel, Func<TGiven, IReadOnlyList<TOut>> outputs)
    {
        Books.Took(item.Tickets);
        var begun = Meter.Begin(item.ReadyAt);
        InHand.Take(item);
        try
        {
            var result = _attempts.Try(item.Value, kernel, ContextOf(item.Context));
            Meter.End(begun);
            return Settle(item, result, outputs);
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

    /// <summary>As <see cref="Apply"/>, for a kernel that waits.</summary>
    /// <inheritdoc cref="Apply"/>
    public async Task<IEnumerable<Item<TOut>>> ApplyAsync<TIn, TGiven, TOut>(Item<TIn> item, AsyncKernel<TIn, TGiven> kernel, Func<TGiven, IReadOnlyList<TOut>> outputs)
    {
        Books.Took(item.Tickets);
        var begun = Meter.Begin(item.ReadyAt);
        InHand.Take(item);
        try
        {
            var result = await _attempts.TryAsync(item.Value, kernel, ContextOf(item.Context)).ConfigureAwait(false);
            Meter.End(begun);
            return Settle(item, result, outputs);
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
            _run.Refuse(() => Tell(item.Tickets, item.Context, fault));
        }
        finally
        {
            _run.Budget.Leave(item.Tickets);
            _run.Owned.Release(item.Value);
        }
    }

    private void Tell(IReadOnlyList<Ticket> tickets, ItemContext item, Fault fault)
    {
        foreach (var ticket in tickets.Distinct())
        {
            _run.CountRejected();
            ticket.Shard.Rejected++;
            _run.Host.Rejected(new Reject(Flow, Stage, ticket.Origin, item.Epoch, item.Index, fault) { Original = ticket.Original });
        }

        var policy = _flow.OnFault == OnFault.Inherit ? _run.Host.Settings.Rejects.OnFault : _flow.OnFault;
        if (policy == OnFault.Stop)
        {
            var origin = tickets.Count > 0 ? tickets[0].Origin.ToString() : "an item";
            throw new RejectLimitException($"{origin}: {Stage} refused it ({fault.Code}: {fault.Message}), and on_fault is stop");
        }
    }

    /// <summary>Stops the run. A stray cancellation becomes an error: a block would swallow it and lose the item without a trace.</summary>
    public Exception Failure(Exception e, ItemContext item)
    {
        var cause = e is OperationCanceledException && !_run.Stop.IsCancellationRequested
            ? new InvalidOperationException($"Stage '{Stage}' cancelled item {item.Index} of epoch {item.Epoch}, but the run goes on.", e)
            : e;
        _run.Fail(cause);
        return cause == e ? new OperationCanceledException("The run has stopped.", e) : cause;
    }

    private Item<TOut>[] Settle<TIn, TGiven, TOut>(Item<TIn> item, Result<TGiven> result, Func<TGiven, IReadOnlyList<TOut>> outputsOf)
    {
        if (!result.TryGet(out var given, out var fault))
        {
            Reject(item, fault);
            Timed?.StopIfMany(item.Tickets);
            return [];
        }

        var outputs = outputsOf(given);
        for (var i = 0; i < outputs.Count; i++)
        {
            _run.Owned.Own(outputs[i]);
        }

        _run.Owned.ReleaseAllBut(item.Value, outputs);
        Books.Pass();
        Books.Emit(outputs.Count);
        if (outputs.Count == 0)
        {
            _run.Budget.Leave(item.Tickets);
            return [];
        }

        if (outputs.Count > 1)
        {
            _run.Budget.Split(item.Tickets, outputs.Count - 1);
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

/// <summary>What a stage is by its nature.</summary>
/// <param name="Sequential">Whether it takes one item at a time.</param>
/// <param name="Gathers">Inputs that one of its outputs holds, at most.</param>
internal sealed record StageKind(bool Sequential = false, int Gathers = 1, bool IsSink = false);

/// <summary>The run bears no more faults: its policy says stop, or the limit is exceeded.</summary>
public sealed class RejectLimitException(string message) : Exception(message);
