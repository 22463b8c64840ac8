using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Dataflow;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>One flow while it runs: the one place where Dataflow's traps are closed.</summary>
/// <remarks>
/// A block that fails only tells the blocks behind it; those before it would wait for ever. So there is one
/// cancellation for all blocks, every completion is awaited, and what went wrong first is thrown with its own stack.
/// A failing block forgets its buffer, so disposable values are registered here and what is left is disposed here.
/// </remarks>
internal sealed class Run : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _interrupt;
    private CancellationTokenRegistration _registration;
    private readonly Lock _refusing = new();
    private readonly List<Task> _blocks = [];
    private readonly List<StageRun> _stages = [];
    private readonly Stack<Func<ValueTask>> _closing = new();
    private readonly ConcurrentDictionary<string, double> _shown = new();
    private ExceptionDispatchInfo? _cause;
    private Func<Task>? _startSource;
    private long _rejected;

    public Run(FlowPlan plan, IRunHost host, CancellationToken interrupt)
    {
        Plan = plan;
        Host = host;
        Start = Stopwatch.GetTimestamp();
        Budget = new MemoryBudget(plan.OneAtATime ? 0 : MemoryLimit.Budget(host.Settings.MemoryMb));
        Arrays = plan.Graph.Nodes.All(node => node.Borrows) ? new ArrayStore(() => Budget.Room) : null;
        Auto = new AutoSettings(this);
        Borders = new Borders(this);
        _stop = new CancellationTokenSource();
        _interrupt = interrupt;
    }

    public static DataflowLinkOptions Linked { get; } = new() { PropagateCompletion = true };

    public FlowPlan Plan { get; }

    public IRunHost Host { get; }

    public long Start { get; }

    public MemoryBudget Budget { get; }

    /// <summary>Disposable values that are under way.</summary>
    public OwnedValues Owned { get; } = new();

    /// <summary>Arrays to be used again; null where some stage may keep what it was given.</summary>
    public ArrayStore? Arrays { get; }

    public Borders Borders { get; }

    public AutoSettings Auto { get; }

    /// <summary>When the source began to read; every stage was open then.</summary>
    public long Opened { get; private set; }

    public ShardBooks Shards { get; } = new();

    public CancellationToken Stop => _stop.Token;

    public bool HasFailed => _cause is not null;

    /// <summary>Items whose processing the source may wait on: what one epoch will have, if known.</summary>
    public long? Count { get; set; }

    /// <summary>When the last sink was complete.</summary>
    public long Ended { get; private set; }

    /// <summary>Source items that a stage refused.</summary>
    public long Rejected => Interlocked.Read(ref _rejected);

    public IReadOnlyDictionary<string, double> Shown => _shown;

    public IReadOnlyList<StageRun> Stages => _stages;

    public void CountRejected() => Interlocked.Increment(ref _rejected);

    public void Show(string name, double value) => _shown[name] = value;

    /// <summary>Opens the source; it starts to read when every block behind it is open.</summary>
    public Outlet<T> OpenSource<T>(Source<T> source)
    {
        var stage = Add(source.Name, source.Policy with { Capacity = SourcePump<T>.Room }, null, new StageKind(Sequential: true));
        var output = Watch(new BufferBlock<Item<T>>(new DataflowBlockOptions { BoundedCapacity = SourcePump<T>.Room, CancellationToken = Stop }));
        _startSource = async () =>
        {
            Count = await source.Count(stage, Stop).ConfigureAwait(false);
            Host.Started(new FlowProgress(Plan.Name, Count * Plan.Epochs, () => Budget.Left, () => Rejected, () => _shown)
            {
                Before = Budget.Left,
                Queued = () => Budget.Used,
                Activity = () => _stages.Sum(s => s.Books.In + s.Books.Passed + s.Books.Rejected + s.Books.Emitted),
                Stages = () => [.. _stages.Select(s => s.Look())],
            });
            Watch(Task.Run(new SourcePump<T>(this, stage, source, output).PumpAsync));
        };
        return new Outlet<T>(output, stage.Books);
    }

    /// <summary>Gives back what an earlier process left, and starts to read.</summary>
    public async Task StartSourceAsync()
    {
        if (Plan.State is { } state)
        {
            await Borders.LoadAsync(state).ConfigureAwait(false);
        }

        ObeyInterrupt();
        Opened = Stopwatch.GetTimestamp();
        await _startSource!().ConfigureAwait(false);
    }

    /// <summary>Throws where the books do not balance, though nothing is under way.</summary>
    /// <exception cref="RunException">What went in is not what came out.</exception>
    public void CheckBooks()
    {
        var imbalances = StageBooks.Imbalances(_stages.Select(s => (s.Books, s.Upstream))).ToList();
        if (Budget.Live != 0)
        {
            imbalances.Add($"{Budget.Live} items neither left the graph nor were rejected");
        }

        if (imbalances.Count > 0)
        {
            throw new RunException($"the books of flow '{Plan.Name}' do not balance: {string.Join("; ", imbalances)}");
        }
    }

    public void Carry(StateArchive state)
    {
        (Budget.Left, _rejected) = (state.Value("left", Budget.Left), state.Value("rejected", _rejected));
        Shards.Carry(state);
    }

    public void MarkEnded() => Ended = Stopwatch.GetTimestamp();

    /// <summary>Adds a stage; a name that is taken gets a number, so that seeds and books stay apart.</summary>
    public StageRun Add(string name, FlowOptions flow, StageBooks? upstream, StageKind? kind = null)
    {
        kind ??= new StageKind();
        flow = (kind.Sequential ? flow with { Parallelism = 1 } : flow).For(upstream?.Gathers ?? 1);
        var same = _stages.Count(s => s.Name == name);
        var stage = new StageRun(this, same == 0 ? name : $"{name}#{same + 1}", name, flow, upstream, kind);
        _stages.Add(stage);
        if (stage.Hands is { } hands)
        {
            AtEnd(() => Closing.Close(hands));
        }

        return stage;
    }

    /// <summary>Something to close when the flow has ended, well or not; the last added is closed first.</summary>
    public void AtEnd(Func<ValueTask> close) => _closing.Push(close);

    /// <summary>Ties a block to the run: its end is awaited, and its failure stops every other block.</summary>
    public TBlock Watch<TBlock>(TBlock block)
        where TBlock : IDataflowBlock
    {
        Watch(block.Completion);
        return block;
    }

    public void Watch(Task task)
    {
        _blocks.Add(task);
        _ = task.ContinueWith(
            t => Fail(t.Exception!.Flatten().InnerExceptions[0]),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Stops everything; only the first cause counts, the others are its consequences.</summary>
    public void Fail(Exception cause)
    {
        if (cause is OperationCanceledException && Stop.IsCancellationRequested)
        {
            return;
        }

        Interlocked.CompareExchange(ref _cause, ExceptionDispatchInfo.Capture(cause), null);
        _stop.Cancel();
    }

    /// <summary>Writes off items one at a time: once a reject has stopped the run, what others were about to reject is merely in flight.</summary>
    public void Refuse(Action tell)
    {
        lock (_refusing)
        {
            Stop.ThrowIfCancellationRequested();
            try
            {
                tell();
            }
            catch (RejectLimitException e)
            {
                Fail(e);
                throw;
            }
        }
    }

    /// <summary>Waits for every block, then throws what went wrong first.</summary>
    public async Task FinishAsync()
    {
        await Task.WhenAll(_blocks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _cause?.Throw();
        Stop.ThrowIfCancellationRequested();
    }

    public async ValueTask DisposeAsync()
    {
        await _registration.DisposeAsync().ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_blocks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_closing.TryPop(out var close))
        {
            await close().ConfigureAwait(false);
        }

        Owned.Dispose();
        _stop.Dispose();
    }

    /// <summary>A flow that can be resumed gets time to come to a border; any other stops as it stands.</summary>
    private void ObeyInterrupt() => _registration = _interrupt.Register(() =>
    {
        if (Borders.Resumable)
        {
            _stop.CancelAfter(Host.StopWithin);
        }
        else
        {
            _stop.Cancel();
        }
    });
}
