namespace InMARS.Pipeline.Runs;

/// <summary>The tables of a ledger. Times are UTC ticks of 100 ns, spans are ticks, hashes are bytes, states are words.</summary>
internal static class LedgerSchema
{
    public const string Tables = """
        CREATE TABLE flow (
          ordinal INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, phase TEXT NOT NULL, total INTEGER,
          items_read INTEGER NOT NULL DEFAULT 0, items_left INTEGER NOT NULL DEFAULT 0, items_rejected INTEGER NOT NULL DEFAULT 0,
          started INTEGER, ended INTEGER, elapsed_before INTEGER NOT NULL DEFAULT 0, elapsed_now INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE shard (
          flow INTEGER NOT NULL, epoch INTEGER NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL,
          items_read INTEGER NOT NULL, items_left INTEGER NOT NULL, items_rejected INTEGER NOT NULL,
          first INTEGER NOT NULL, last INTEGER NOT NULL,
          resident INTEGER, managed INTEGER, queued INTEGER, native INTEGER,
          PRIMARY KEY (flow, epoch, name)) WITHOUT ROWID;
        CREATE INDEX shard_name ON shard (flow, name);
        CREATE TABLE output (
          flow INTEGER NOT NULL, epoch INTEGER NOT NULL, shard TEXT NOT NULL, path TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 BLOB NOT NULL,
          PRIMARY KEY (flow, epoch, shard, path)) WITHOUT ROWID;
        CREATE TABLE checkpoint (
          sequence INTEGER PRIMARY KEY, flow INTEGER NOT NULL, epoch INTEGER NOT NULL, position INTEGER NOT NULL,
          path TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 BLOB NOT NULL, time INTEGER NOT NULL);
        CREATE TABLE progress (
          flow INTEGER PRIMARY KEY, done INTEGER NOT NULL, total INTEGER, rejected INTEGER NOT NULL, elapsed INTEGER NOT NULL,
          last_minute REAL, overall REAL, remaining INTEGER, finish INTEGER,
          resident INTEGER NOT NULL, managed INTEGER NOT NULL, queued INTEGER NOT NULL, native INTEGER, time INTEGER NOT NULL);
        CREATE TABLE input (
          flow INTEGER NOT NULL, path TEXT NOT NULL, bytes INTEGER NOT NULL, modified INTEGER NOT NULL, quick_hash BLOB NOT NULL,
          PRIMARY KEY (flow, path)) WITHOUT ROWID;
        CREATE TABLE session (
          number INTEGER PRIMARY KEY, pid INTEGER NOT NULL, host TEXT NOT NULL, version TEXT NOT NULL,
          started INTEGER NOT NULL, ended INTEGER, end TEXT, reason TEXT);
        """;

    public const string PlanFlow = """
        INSERT INTO flow (ordinal, name, phase, total) VALUES ($1, $2, $3, $4)
        ON CONFLICT (ordinal) DO UPDATE SET name = $2, total = coalesce($4, total)
        """;

    /// <remarks>What a session that was killed had spent is taken over from its last progress.</remarks>
    public const string StartFlow = """
        UPDATE flow SET phase = $2, total = coalesce($3, total), started = coalesce(started, $4), ended = NULL,
          elapsed_before = elapsed_before + elapsed_now, elapsed_now = 0
        WHERE name = $1
        """;

    public const string EndFlow = """
        UPDATE flow SET phase = $2, items_read = $3, items_left = $4, items_rejected = $5, ended = $6, elapsed_now = $7 WHERE name = $1
        """;

    public const string AmendFlow = "UPDATE flow SET items_read = $2, items_left = $3, items_rejected = $4 WHERE name = $1";

    public const string ReopenFlow = """
        UPDATE flow SET phase = $2, total = NULL, items_read = 0, items_left = 0, items_rejected = 0, started = NULL, ended = NULL,
          elapsed_before = 0, elapsed_now = 0
        WHERE name = $1
        """;

    public const string SaveShard = """
        INSERT INTO shard VALUES ((SELECT ordinal FROM flow WHERE name = $1), $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12)
        ON CONFLICT DO UPDATE SET state = $4, items_read = $5, items_left = $6, items_rejected = $7, last = $8,
          resident = $9, managed = $10, queued = $11, native = $12
        """;

    public const string ForgetOutputs = """
        DELETE FROM output WHERE flow = (SELECT ordinal FROM flow WHERE name = $1) AND epoch = $2 AND shard = $3
        """;

    public const string SaveOutput = """
        INSERT INTO output VALUES ((SELECT ordinal FROM flow WHERE name = $1), $2, $3, $4, $5, $6)
        """;

    public const string SaveLateOutput = """
        INSERT OR REPLACE INTO output
        SELECT s.flow, s.epoch, s.name, $3, $4, $5 FROM shard s JOIN flow f ON f.ordinal = s.flow WHERE f.name = $1 AND s.name = $2
        ORDER BY s.epoch DESC LIMIT 1
        """;

    public const string SaveCheckpoint = """
        INSERT OR REPLACE INTO checkpoint VALUES ($1, (SELECT ordinal FROM flow WHERE name = $2), $3, $4, $5, $6, $7, $8)
        """;

    public const string SaveProgress = """
        INSERT OR REPLACE INTO progress VALUES ((SELECT ordinal FROM flow WHERE name = $1), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        """;

    public const string SaveInput = """
        INSERT INTO input VALUES ((SELECT ordinal FROM flow WHERE name = $1), $2, $3, $4, $5)
        """;
}
