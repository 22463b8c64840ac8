using InMARS.Pipeline.Outcomes;
using Microsoft.Data.Sqlite;

namespace InMARS.Pipeline.Runs;

/// <summary>The ledger of a run directory, read; also while another process writes it. For one thread at a time.</summary>
/// <remarks>Every method throws <see cref="RunException"/> when the file is damaged.</remarks>
public sealed class LedgerReader : IDisposable
{
    private const string ShardColumns =
        "f.name, s.epoch, s.name, s.state, s.items_read, s.items_left, s.items_rejected, s.first, s.last, s.resident, s.managed, s.queued, s.native";

    private readonly string _path;
    private readonly LedgerFile _file;

    private LedgerReader(string path, LedgerFile file) => (_path, _file) = (path, file);

    /// <summary>Whether the directory has a ledger.</summary>
    public static bool IsThere(string directory) => File.Exists(Path.Combine(directory, Ledger.FileName));

    /// <exception cref="RunException">No folder, no run in it, no ledger, or one that is damaged or of another version.</exception>
    public static LedgerReader Open(string directory)
    {
        var path = Path.Combine(directory, Ledger.FileName);
        Require(directory);
        LedgerReader? reader = null;
        try
        {
            reader = new LedgerReader(path, LedgerFile.ForReading(path));
            reader.RequireLayout();
            return reader;
        }
        catch (SqliteException e)
        {
            throw Damaged(path, e);
        }
        catch (RunException)
        {
            reader?.Dispose();
            throw;
        }
    }

    /// <summary>In the order of the run.</summary>
    public IReadOnlyList<FlowRow> Flows() => Rows(
        "SELECT ordinal, name, phase, total, items_read, items_left, items_rejected, started, ended, elapsed_before + elapsed_now FROM flow ORDER BY ordinal",
        r => new FlowRow(
            r.GetInt32(0),
            r.GetString(1),
            LedgerWords.State<FlowPhase>(r.GetString(2)),
            r.NumberOrNull(3),
            r.Counts(4),
            r.TimeOrNull(7),
            r.TimeOrNull(8),
            r.Span(9)));

    /// <summary>The shards of a flow, by epoch and name.</summary>
    public IReadOnlyList<ShardRow> Shards(string flow)
    {
        var outputs = Outputs(flow);
        return Rows(
            $"SELECT {ShardColumns} FROM shard s JOIN flow f ON f.ordinal = s.flow WHERE f.name = $1 ORDER BY s.epoch, s.name",
            r => new ShardRow(
                new ShardEvent(
                    r.GetString(0),
                    r.GetInt32(1),
                    r.GetString(2),
                    LedgerWords.State<ShardState>(r.GetString(3)),
                    r.Counts(4),
                    [.. outputs[(r.GetInt32(1), r.GetString(2))]],
                    r.IsDBNull(9) ? null : r.Memory(9)),
                r.Time(7),
                r.Time(8)),
            flow);
    }

    /// <summary>Numbers of shards by flow and state, over all epochs.</summary>
    public IReadOnlyDictionary<(string Flow, ShardState State), long> ShardCounts() => Rows(
        "SELECT f.name, s.state, count(*) FROM shard s JOIN flow f ON f.ordinal = s.flow GROUP BY f.name, s.state",
        r => (Key: (r.GetString(0), LedgerWords.State<ShardState>(r.GetString(1))), Count: r.GetInt64(2))).ToDictionary(c => c.Key, c => c.Count);

    /// <summary>From the first to the last.</summary>
    public IReadOnlyList<CheckpointRow> Checkpoints() => Rows(
        "SELECT c.sequence, f.name, c.epoch, c.position, c.path, c.bytes, c.sha256, c.time FROM checkpoint c JOIN flow f ON f.ordinal = c.flow ORDER BY c.sequence",
        r => new CheckpointRow(new CheckpointEvent(r.GetInt64(0), r.GetString(1), r.GetInt32(2), r.GetInt64(3), r.File(4)), r.Time(7)));

    /// <summary>The last progress of each flow that had any, by flow.</summary>
    public IReadOnlyDictionary<string, ProgressRow> Progress() => Rows(
        """
        SELECT f.name, p.done, p.total, p.rejected, p.elapsed, p.last_minute, p.overall, p.remaining, p.finish,
          p.resident, p.managed, p.queued, p.native, p.time
        FROM progress p JOIN flow f ON f.ordinal = p.flow
        """,
        r => new ProgressRow(
            new ProgressEvent(
                r.GetString(0),
                r.GetInt64(1),
                r.NumberOrNull(2),
                r.GetInt64(3),
                r.Span(4),
                new Forecast(r.FigureOrNull(5), r.FigureOrNull(6), r.NumberOrNull(7), r.TimeOrNull(8)),
                r.Memory(9)),
            r.Time(13))).ToDictionary(p => p.Event.Flow);

    /// <summary>The files that a flow read, by path.</summary>
    public IReadOnlyList<InputFile> Inputs(string flow) => Rows(
        "SELECT i.path, i.bytes, i.modified, i.quick_hash FROM input i JOIN flow f ON f.ordinal = i.flow WHERE f.name = $1 ORDER BY i.path",
        r => new InputFile(r.GetString(0), r.GetInt64(1), r.Time(2), r.Hash(3)),
        flow);

    /// <summary>From the first to the last.</summary>
    public IReadOnlyList<SessionRow> Sessions() => Rows(
        "SELECT number, pid, host, version, started, ended, end, reason FROM session ORDER BY number",
        r => new SessionRow(
            r.GetInt64(0),
            new SessionEvent(r.GetInt32(1), r.GetString(2), r.GetString(3)),
            r.Time(4),
            r.TimeOrNull(5),
            r.IsDBNull(6) ? null : LedgerWords.State<SessionEnd>(r.GetString(6)),
            r.IsDBNull(7) ? null : r.GetString(7)));

    /// <summary>Reads several things as they were at one moment.</summary>
    public T Together<T>(Func<LedgerReader, T> read) => Guard(() => _file.Together(writes: false, () => read(this)));

    public void Dispose() => _file.Dispose();

    private static void Require(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new RunException($"there is no folder '{directory}'");
        }

        if (!IsThere(directory))
        {
            throw new RunException(File.Exists(Path.Combine(directory, "config.resolved.yaml"))
                ? $"the run in '{directory}' has no {Ledger.FileName}; it is just starting, or was made by a version of the program that kept none"
                : $"'{directory}' holds no run ({Ledger.FileName} and config.resolved.yaml are missing)");
        }
    }

    private static RunException Damaged(string path, Exception e) => new($"the ledger '{path}' cannot be read; it may be damaged: {e.Message}", e);

    private void RequireLayout()
    {
        switch (Guard(() => _file.Number("PRAGMA user_version")))
        {
            case LedgerFile.Layout:
                return;
            case 0:
                throw new RunException($"the ledger '{_path}' is empty; the run is just starting, or was stopped before its first entry");
            case var other:
                throw new RunException(LedgerWords.OtherLayout(_path, other));
        }
    }

    private ILookup<(int Epoch, string Shard), WrittenFile> Outputs(string flow) => Rows(
        "SELECT o.epoch, o.shard, o.path, o.bytes, o.sha256 FROM output o JOIN flow f ON f.ordinal = o.flow WHERE f.name = $1 ORDER BY o.path",
        r => (Key: (r.GetInt32(0), r.GetString(1)), File: r.File(2)),
        flow).ToLookup(o => o.Key, o => o.File);

    private List<T> Rows<T>(string sql, Func<SqliteDataReader, T> row, params object?[] values) => Guard(() => _file.Rows(sql, row, values));

    /// <remarks>A cell of another kind than was written is as damaged as a page that does not read.</remarks>
    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException or InvalidCastException or FormatException or ArgumentException or OverflowException)
        {
            throw Damaged(_path, e);
        }
    }
}
