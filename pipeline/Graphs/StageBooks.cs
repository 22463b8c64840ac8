using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>What went into a stage and what became of it. Every input is passed, rejected or dropped.</summary>
internal sealed class StageBooks(string name, long gathers = 1)
{
    private long _in;
    private long _passed;
    private long _rejected;
    private long _dropped;
    private long _emitted;
    private long _bytes;

    public string Name { get; } = name;

    /// <summary>Items of the source in one output, at most.</summary>
    public long Gathers { get; } = gathers;

    public long In => Interlocked.Read(ref _in);

    public long Passed => Interlocked.Read(ref _passed);

    public long Rejected => Interlocked.Read(ref _rejected);

    public long Dropped => Interlocked.Read(ref _dropped);

    public long Emitted => Interlocked.Read(ref _emitted);

    public long Bytes => Interlocked.Read(ref _bytes);

    public void Took(IReadOnlyList<Ticket> tickets)
    {
        Interlocked.Increment(ref _in);
        for (var i = 0; i < tickets.Count; i++)
        {
            Interlocked.Add(ref _bytes, tickets[i].Bytes);
        }
    }

    public void Pass(long inputs = 1) => Interlocked.Add(ref _passed, inputs);

    public void Reject() => Interlocked.Increment(ref _rejected);

    public void Drop(long inputs) => Interlocked.Add(ref _dropped, inputs);

    public void Emit(long outputs = 1) => Interlocked.Add(ref _emitted, outputs);

    /// <summary>Hands the books over, or takes them back.</summary>
    public void Carry(StateArchive state)
    {
        var now = state.Value(Name, new[] { In, Passed, Rejected, Dropped, Emitted, Bytes });
        (_in, _passed, _rejected, _dropped, _emitted, _bytes) = (now[0], now[1], now[2], now[3], now[4], now[5]);
    }

    /// <summary>What does not balance in a flow that has ended well, as sentences; empty when all is in order.</summary>
    /// <param name="stages">Books with those of the stage before, null for the source.</param>
    public static IReadOnlyList<string> Imbalances(IEnumerable<(StageBooks Stage, StageBooks? Upstream)> stages) =>
    [
        .. stages.SelectMany(IEnumerable<string> (s) =>
        [
            .. s.Stage.In == s.Stage.Passed + s.Stage.Rejected + s.Stage.Dropped
                ? Array.Empty<string>()
                : [$"'{s.Stage.Name}' took {s.Stage.In} but passed {s.Stage.Passed}, rejected {s.Stage.Rejected} and dropped {s.Stage.Dropped}"],
            .. s.Upstream is null || s.Upstream.Emitted == s.Stage.In
                ? Array.Empty<string>()
                : [$"'{s.Upstream.Name}' gave {s.Upstream.Emitted} but '{s.Stage.Name}' took {s.Stage.In}"],
        ]),
    ];
}
