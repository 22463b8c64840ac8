using Microsoft.Data.Sqlite;

namespace InMARS.Pipeline.Runs;

/// <summary>The cells of a ledger's row, from one column on.</summary>
internal static class LedgerCells
{
    public static long? NumberOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    public static double? FigureOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);

    public static DateTimeOffset Time(this SqliteDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);

    public static DateTimeOffset? TimeOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.Time(column);

    public static TimeSpan Span(this SqliteDataReader row, int column) => new(row.GetInt64(column));

    public static string Hash(this SqliteDataReader row, int column) => Convert.ToHexStringLower(row.GetFieldValue<byte[]>(column));

    public static WrittenFile File(this SqliteDataReader row, int column) => new(row.GetString(column), row.GetInt64(column + 1), row.Hash(column + 2));

    public static ItemCounts Counts(this SqliteDataReader row, int column) => new(row.GetInt64(column), row.GetInt64(column + 1), row.GetInt64(column + 2));

    public static MemoryFigures Memory(this SqliteDataReader row, int column) =>
        new(row.GetInt64(column), row.GetInt64(column + 1), row.GetInt64(column + 2), row.NumberOrNull(column + 3));
}
