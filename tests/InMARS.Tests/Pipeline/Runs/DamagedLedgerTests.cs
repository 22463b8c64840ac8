using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Tests.Support;
using Microsoft.Data.Sqlite;

namespace InMARS.Tests.Pipeline.Runs;

public sealed class DamagedLedgerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();

    public DamagedLedgerTests()
    {
        using var ledger = Ledger.Open(_folder.Path, _clock);
        ledger.FlowsPlanned([new(0, "train", 300), new(1, "predict", null)]);
    }

    private string Database => _folder[Ledger.FileName];

    [Fact]
    public void Of_a_ledger_of_another_layout_nothing_is_read_or_written()
    {
        Change("PRAGMA user_version = 9");
        var expected = $"the ledger '{Database}' is of layout 9, and this version of the program reads layout 1";

        Assert.Equal(expected, Assert.Throws<RunException>(() => LedgerReader.Open(_folder.Path)).Message);
        Assert.Equal(expected, Assert.Throws<RunException>(() => Ledger.Open(_folder.Path, _clock)).Message);
    }

    [Fact]
    public void A_damaged_ledger_is_refused_in_a_sentence()
    {
        File.WriteAllText(Database, new string('x', 5000));

        Assert.StartsWith($"the ledger '{Database}' cannot be read; it may be damaged: ", Assert.Throws<RunException>(() => LedgerReader.Open(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.StartsWith($"cannot write the ledger '{Database}': ", Assert.Throws<RunException>(() => Ledger.Open(_folder.Path, _clock)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE flow SET phase = 'flying'")]
    [InlineData("UPDATE flow SET started = -5")]
    [InlineData("UPDATE flow SET ordinal = 99999999999 WHERE ordinal = 1")]
    public void A_cell_that_makes_no_sense_is_damage(string change)
    {
        Change(change);

        Assert.StartsWith($"the ledger '{Database}' cannot be read; it may be damaged: ", Assert.Throws<RunException>(() => Flows()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_that_the_database_does_not_take_is_told()
    {
        Change("DROP TABLE session");
        using var ledger = Ledger.Open(_folder.Path, _clock);

        Assert.StartsWith($"cannot write the ledger '{Database}': ", Assert.Throws<RunException>(() => ledger.SessionBegan(new(1, "", ""))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<FlowRow> Flows()
    {
        using var reader = LedgerReader.Open(_folder.Path);
        return reader.Flows();
    }

    private void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
