using Microsoft.Data.Sqlite;

namespace InMARS.Pipeline.Runs;

/// <summary>A connection to the database of a ledger, with its statements prepared once. For one thread at a time.</summary>
internal sealed class LedgerFile : IDisposable
{
    /// <summary>Layout of the tables; a ledger of another is not read.</summary>
    public const int Layout = 1;

    private const int BusySeconds = 10;
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _prepared = [];
    private SqliteTransaction? _transaction;

    private LedgerFile(string path, SqliteOpenMode mode)
    {
        // A pooled connection would keep the file open after the ledger was closed.
        var place = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = BusySeconds };
        _connection = new SqliteConnection(place.ToString());
        try
        {
            _connection.Open();
        }
        catch (SqliteException)
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <exception cref="SqliteException">The file cannot be opened or made.</exception>
    public static LedgerFile ForWriting(string path) => new(path, SqliteOpenMode.ReadWriteCreate);

    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public static LedgerFile ForReading(string path) => new(path, SqliteOpenMode.ReadOnly);

    /// <summary>Does everything or nothing; what is read within is of one moment.</summary>
    /// <param name="writes">Whether it writes, and so waits until no other connection does.</param>
    public T Together<T>(bool writes, Func<T> act)
    {
        using var transaction = _connection.BeginTransaction(deferred: !writes);
        _transaction = transaction;
        try
        {
            var result = act();
            transaction.Commit();
            return result;
        }
        finally
        {
            _transaction = null;
        }
    }

    /// <param name="values">Of <c>$1</c>, <c>$2</c> and so on.</param>
    public void Do(string sql, params ReadOnlySpan<object?> values) => Prepared(sql, values).ExecuteNonQuery();

    public long Number(string sql, params ReadOnlySpan<object?> values) => (long)(Prepared(sql, values).ExecuteScalar() ?? 0L);

    public List<T> Rows<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> values)
    {
        using var reader = Prepared(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private SqliteCommand Prepared(string sql, ReadOnlySpan<object?> values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            // Every caller's text is a constant of this program; values go by parameters.
#pragma warning disable CA2100
            command.CommandText = sql;
#pragma warning restore CA2100
            _prepared.Add(sql, command);
        }

        command.Transaction = _transaction;
        command.Parameters.Clear();
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", values[i] ?? DBNull.Value);
        }

        return command;
    }
}
