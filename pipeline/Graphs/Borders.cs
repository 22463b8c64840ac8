using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>
/// The borders of a running flow: moments between two items of the source at which none is under way and no batch is
/// half full, so that position, books and states belong together. Where a border is wanted the source waits for the graph
/// to run dry after each item until there is one.
/// </summary>
internal sealed class Borders(Run run)
{
    /// <summary>Name of the books in a checkpoint; no stage begins with a dot.</summary>
    public const string BooksName = ".books";

    private readonly List<Holder> _holders = [];
    private bool _wanted;
    private bool _shardEnded;
    private long _ended;
    private TimeSpan _cost;

    /// <summary>Whether the flow can go on in its midst: every stage that keeps something offers it.</summary>
    public bool Resumable { get; private set; } = true;

    /// <summary>Takes note of a stage that keeps something between items.</summary>
    /// <param name="invoke">Runs work on the thread of the stage.</param>
    public void Hold(string stage, object? state, Func<Action, Task> invoke)
    {
        if (state is IResumable resumable)
        {
            _holders.Add(new Holder(stage, resumable, invoke));
        }
        else
        {
            Resumable = false;
        }
    }

    /// <summary>Gives every stage its state back.</summary>
    public async Task LoadAsync(FlowState state)
    {
        var archive = StateArchive.Load(StateArchive.Whole(state.Entries, state.Growing));
        Books(archive);
        foreach (var holder in _holders)
        {
            await holder.Invoke(() => holder.State.Carry(archive.Within(holder.Stage))).ConfigureAwait(false);
        }
    }

    /// <summary>A checkpoint is wanted as soon as there is a border: an epoch has ended.</summary>
    public void Want() => _wanted = true;

    /// <summary>The source has come to the end of a shard: worth a checkpoint, unless the last one is too near.</summary>
    public void ShardEnded()
    {
        _shardEnded = true;
        run.Shards.Leave();
    }

    /// <summary>Called between two items of the source.</summary>
    /// <param name="next">The one that comes next.</param>
    /// <exception cref="RunStoppedException">The run is to stop, and can.</exception>
    public async Task PassAsync(Cursor next)
    {
        var stopping = run.Host.StopRequested;
        if (!Resumable)
        {
            StopIf(stopping);
            return;
        }

        if (!stopping && !_wanted && !run.Host.CheckpointDue && !ShardDue())
        {
            return;
        }

        var start = run.Host.Time.GetTimestamp();
        await run.Budget.QuietAsync(run.Stop).ConfigureAwait(false);
        if (run.Budget.Live == 0 && _holders.TrueForAll(h => h.State.AtBorder))
        {
            await TakeAsync(next).ConfigureAwait(false);
            _ended = run.Host.Time.GetTimestamp();
            _cost = run.Host.Time.GetElapsedTime(start, _ended);
            StopIf(stopping);
        }
    }

    private bool ShardDue() =>
        (_shardEnded || _holders.Exists(h => h.State.AwaitsCheckpoint)) && (_ended == 0 || run.Host.IsShardDue(_cost, run.Host.Time.GetElapsedTime(_ended)));

    private async Task TakeAsync(Cursor next)
    {
        run.CheckBooks();
        var archive = StateArchive.Save();
        Books(archive);
        foreach (var holder in _holders)
        {
            await holder.Invoke(() => holder.State.Carry(archive.Within(holder.Stage))).ConfigureAwait(false);
        }

        run.Host.Save(new FlowState(run.Plan.Name, next, archive.Fixed) { Growing = archive.Growing });
        (_wanted, _shardEnded) = (false, false);
        foreach (var holder in _holders)
        {
            await holder.Invoke(holder.State.Publish).ConfigureAwait(false);
        }

        run.Host.ShardsSettled(run.Plan.Name, run.Shards.Settle(ended: false));
    }

    private void Books(StateArchive archive)
    {
        var books = archive.Within(BooksName);
        run.Carry(books);
        foreach (var stage in run.Stages)
        {
            stage.Books.Carry(books);
        }
    }

    private static void StopIf(bool stopping)
    {
        if (stopping)
        {
            throw new RunStoppedException();
        }
    }

    private sealed record Holder(string Stage, IResumable State, Func<Action, Task> Invoke);
}

/// <summary>The run was asked to stop, and has come to a border.</summary>
internal sealed class RunStoppedException() : Exception("The run was asked to stop.");
