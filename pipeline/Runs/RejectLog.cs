using System.Text.Json.Nodes;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Runs;

/// <summary>
/// The rejected items of a run: <c>rejects.jsonl</c> and the quarantine. Stages refuse items in any order, so they are
/// held until a border of the flow, where none is under way, and written in the order of the source: equal runs leave equal files.
/// </summary>
internal sealed class RejectLog : IDisposable
{
    /// <summary>Folder of the quarantine in the run directory.</summary>
    public const string Folder = "quarantine";

    /// <summary>With more rejects than these in memory, a border is wanted.</summary>
    private const int Many = 10_000;

    private readonly Lock _gate = new();
    private readonly List<Reject> _held = [];
    private readonly RunDirectory _directory;
    private readonly OpenQuarantine? _open;
    private readonly JsonLog _file;
    private SavedState? _from;
    private IQuarantine? _quarantine;

    /// <param name="open">Null for a run that keeps no rejected items.</param>
    /// <param name="from">Where an earlier process left the run; none where it begins.</param>
    public RejectLog(RunDirectory directory, OpenQuarantine? open, SavedState? from)
    {
        (_directory, _open, _from) = (directory, open, from);
        _file = new JsonLog(directory.File("rejects.jsonl"), from?.RejectsBytes ?? 0);
    }

    /// <summary>Bytes of the file.</summary>
    public long Length => _file.Length;

    /// <summary>Whether so many wait that a border is wanted.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                return _held.Count >= Many;
            }
        }
    }

    /// <summary>A flow starts, or goes on where the run was left.</summary>
    public void Begin(string flow)
    {
        var state = _from is { Flow: { } at } && at.Flow == flow ? StateArchive.Load(_from.Quarantine) : null;
        _from = null;
        _quarantine = _open?.Invoke(Path.Combine(_directory.Path, Folder), flow, state);
    }

    /// <summary>Takes a rejected item; from any thread.</summary>
    public void Add(Reject reject)
    {
        lock (_gate)
        {
            _held.Add(reject);
        }
    }

    /// <summary>Writes what is held and brings it to the disk. Nothing may be under way.</summary>
    /// <returns>The state of the quarantine, for the checkpoint.</returns>
    public StateArchive Pause()
    {
        Settle();
        _file.Flush();
        var state = StateArchive.Save();
        _quarantine?.Carry(state);
        return state;
    }

    /// <summary>The flow has ended, or has been stopped: what it has refused is written and gets its names.</summary>
    public void End()
    {
        try
        {
            Settle();
            _quarantine?.Commit();
        }
        finally
        {
            Close();
        }
    }

    public void Dispose()
    {
        Close();
        _file.Dispose();
    }

    /// <summary>The line of an item in rejects.jsonl.</summary>
    public static JsonObject Line(Reject reject) => new()
    {
        ["shard"] = reject.Origin.Shard,
        ["key"] = reject.Origin.Key,
        ["flow"] = reject.Flow,
        ["stage"] = reject.Stage,
        ["epoch"] = reject.Epoch,
        ["index"] = reject.Index,
        ["code"] = reject.Fault.Code,
        ["message"] = reject.Fault.Message,
        ["attempt"] = reject.Fault.Attempts,
    };

    private void Settle()
    {
        List<Reject> settled;
        lock (_gate)
        {
            settled = [.. _held.OrderBy(r => r, RejectOrder.Instance)];
            _held.Clear();
        }

        foreach (var reject in settled)
        {
            _file.Write(Line(reject));
            _quarantine?.Add(reject);
        }
    }

    private void Close()
    {
        _quarantine?.Dispose();
        _quarantine = null;
    }
}
