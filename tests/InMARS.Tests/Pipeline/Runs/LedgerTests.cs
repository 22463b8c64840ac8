using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Runs;

public sealed class LedgerTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 18, 0, 0, TimeSpan.Zero);
    private static readonly MemoryFigures Memory = new(100, 20, 3, 4);
    private static readonly Forecast NoForecast = new(null, null, null, null);
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new(Start);
    private readonly Ledger _ledger;

    public LedgerTests()
    {
        _ledger = Ledger.Open(_folder.Path, _clock);
        _ledger.FlowsPlanned([new(0, "train", 300), new(1, "predict", null)]);
    }

    private string Database => _folder[Ledger.FileName];

    [Fact]
    public void Planned_flows_wait_in_the_order_of_the_run() =>
        Assert.Equal(
            [
                new FlowRow(0, "train", FlowPhase.Waiting, 300, new(0, 0, 0), null, null, TimeSpan.Zero),
                new FlowRow(1, "predict", FlowPhase.Waiting, null, new(0, 0, 0), null, null, TimeSpan.Zero),
            ],
            Read(l => l.Flows()));

    [Fact]
    public void A_flow_runs_and_ends_with_its_counts()
    {
        _ledger.FlowStarted("train", 310);
        _clock.Advance(TimeSpan.FromMinutes(5));
        _ledger.FlowEnded("train", FlowPhase.Done, new(310, 309, 2), TimeSpan.FromMinutes(5));

        Assert.Equal(new FlowRow(0, "train", FlowPhase.Done, 310, new(310, 309, 2), Start, Start.AddMinutes(5), TimeSpan.FromMinutes(5)), Read(l => l.Flows())[0]);
    }

    [Fact]
    public void Time_adds_up_over_sessions_also_over_one_that_was_killed()
    {
        _ledger.FlowStarted("train", null);
        Progress("train", 10, TimeSpan.FromMinutes(3));
        Progress("train", 20, TimeSpan.FromMinutes(4));

        _clock.Advance(TimeSpan.FromHours(1));
        _ledger.FlowStarted("train", null);
        Progress("train", 25, TimeSpan.FromMinutes(1));
        _ledger.FlowEnded("train", FlowPhase.Stopped, new(30, 30, 0), TimeSpan.FromMinutes(2));

        var flow = Read(l => l.Flows())[0];
        Assert.Equal((Start, TimeSpan.FromMinutes(6), FlowPhase.Stopped, 300L), (flow.Started, flow.Elapsed, flow.Phase, flow.Total));
    }

    [Fact]
    public void Planning_again_keeps_where_a_flow_is()
    {
        _ledger.FlowStarted("train", null);

        _ledger.FlowsPlanned([new(0, "train", null), new(1, "predict", 7)]);

        Assert.Equal([(FlowPhase.Running, 300L), (FlowPhase.Waiting, 7L)], Read(l => l.Flows()).Select(f => (f.Phase, f.Total ?? 0)));
    }

    [Fact]
    public void A_shard_keeps_its_first_time_and_gets_its_last_counts_and_outputs()
    {
        _ledger.ShardsChanged([new("predict", 0, "/data/b.tar", ShardState.Reading, new(1, 0, 0), [File("old.part")])]);
        _clock.Advance(TimeSpan.FromSeconds(9));
        var done = new ShardEvent("predict", 0, "/data/b.tar", ShardState.Done, new(5, 5, 1), [File("b-1.tar"), File("b-2.tar")], Memory);
        _ledger.ShardsChanged([done, new("predict", 1, "/data/a.tar", ShardState.Reading, new(0, 0, 0), [])]);

        var shards = Read(l => l.Shards("predict"));

        Assert.Equal([("/data/b.tar", Start, Start.AddSeconds(9)), ("/data/a.tar", Start.AddSeconds(9), Start.AddSeconds(9))], shards.Select(s => (s.Event.Shard, s.First, s.Last)));
        Assert.Equal(done.Outputs, shards[0].Event.Outputs);
        Assert.Equal(done with { Outputs = [] }, shards[0].Event with { Outputs = [] });
        Assert.Null(shards[1].Event.Memory);
        Assert.Empty(Read(l => l.Shards("train")));
        Assert.Equal(new Dictionary<(string, ShardState), long> { [("predict", ShardState.Done)] = 1, [("predict", ShardState.Reading)] = 1 }, Read(l => l.ShardCounts()));
    }

    [Fact]
    public void An_output_that_comes_later_is_that_of_the_last_epoch_and_stays()
    {
        ShardEvent Read(int epoch) => new("predict", epoch, "/data/b.tar", ShardState.Done, new(5, 5, 0), []);
        _ledger.ShardsChanged([Read(0), Read(1)]);

        _ledger.OutputsWritten([new("predict", "/data/b.tar", File("b.tar")), new("predict", "/data/unknown.tar", File("c.tar"))]);
        _ledger.OutputsWritten([new("predict", "/data/b.tar", File("b.tar"))]);
        _ledger.ShardsChanged([Read(1)]);

        Assert.Equal([[], [File("b.tar")]], this.Read(l => l.Shards("predict")).Select(s => s.Event.Outputs));
    }

    [Fact]
    public void Checkpoints_are_listed_until_they_are_removed()
    {
        CheckpointEvent[] taken = [.. Enumerable.Range(1, 3).Select(n => new CheckpointEvent(n, "train", n, 100 * n, File($"{n}.ckpt")))];
        foreach (var checkpoint in taken)
        {
            _ledger.CheckpointTaken(checkpoint);
        }

        _ledger.CheckpointsRemoved([1, 2]);

        Assert.Equal([new CheckpointRow(taken[2], Start)], Read(l => l.Checkpoints()));
    }

    [Fact]
    public void Of_progress_the_last_counts()
    {
        Progress("train", 1, TimeSpan.FromSeconds(1));
        var last = new ProgressEvent("train", 2, 300, 1, TimeSpan.FromSeconds(2), new(1.5, 1, 298, Start.AddHours(1)), Memory);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _ledger.Progressed(last);

        Assert.Equal(new Dictionary<string, ProgressRow> { ["train"] = new ProgressRow(last, Start.AddSeconds(1)) }, Read(l => l.Progress()));
    }

    [Fact]
    public void Inputs_are_those_seen_last()
    {
        InputFile[] files = [new("/data/a.tar", 10, Start.AddTicks(7), Sha('a')), new("/data/b.tar", 20, Start, Sha('b'))];
        _ledger.InputsSeen("train", [files[0] with { Path = "/data/gone.tar" }]);
        _ledger.InputsSeen("train", files);

        Assert.Equal(files, Read(l => l.Inputs("train")));
        Assert.Empty(Read(l => l.Inputs("predict")));
    }

    [Fact]
    public void Sessions_have_numbers_and_ends()
    {
        var session = new SessionEvent(4711, "box", "0.1.0");
        var first = _ledger.SessionBegan(session);
        _clock.Advance(TimeSpan.FromHours(1));
        _ledger.SessionEnded(first, SessionEnd.Stopped, "the deadline came");
        var second = _ledger.SessionBegan(session);

        Assert.Equal(
            [new SessionRow(first, session, Start, Start.AddHours(1), SessionEnd.Stopped, "the deadline came"), new SessionRow(second, session, Start.AddHours(1), null, null, null)],
            Read(l => l.Sessions()));
        Assert.Equal((1, 2), (first, second));
    }

    [Fact]
    public void What_was_written_is_there_when_the_ledger_is_opened_again()
    {
        _ledger.FlowStarted("train", 300);
        _ledger.Dispose();

        using var again = Ledger.Open(_folder.Path, _clock);
        again.FlowStarted("predict", 5);

        Assert.Equal([FlowPhase.Running, FlowPhase.Running], Read(l => l.Flows()).Select(f => f.Phase));
        Assert.True(LedgerReader.IsThere(_folder.Path));
    }

    [Fact]
    public void A_batch_is_written_whole_or_not_at_all()
    {
        var e = Assert.Throws<RunException>(() => _ledger.ShardsChanged([
            new("train", 0, "a", ShardState.Done, new(1, 1, 0), []),
            new("nothing", 0, "b", ShardState.Done, new(1, 1, 0), []),
        ]));

        Assert.StartsWith($"cannot write the ledger '{Database}': ", e.Message, StringComparison.Ordinal);
        Assert.Empty(Read(l => l.Shards("train")));
        _ledger.FlowStarted("train", 1);
    }

    [Fact]
    public void A_flow_that_was_not_planned_is_refused() =>
        Assert.Equal($"the ledger '{Database}' has no flow 'nothing'", Assert.Throws<RunException>(() => _ledger.FlowStarted("nothing", 1)).Message);

    [Fact]
    public void A_ledger_is_read_while_it_is_written()
    {
        using var reader = LedgerReader.Open(_folder.Path);

        var (before, after) = reader.Together(l =>
        {
            var flows = l.Flows();
            _ledger.FlowStarted("train", 1);
            return (flows, l.Flows());
        });

        Assert.Equal(before, after);
        Assert.Equal(FlowPhase.Running, reader.Flows()[0].Phase);
    }

    [Fact]
    public void What_a_killed_process_left_is_read_and_gone_on_with()
    {
        _ledger.FlowStarted("train", 300);
        using var left = new TemporaryFolder();
        foreach (var file in new[] { Ledger.FileName, $"{Ledger.FileName}-wal" })
        {
            System.IO.File.Copy(_folder[file], left[file]);
        }

        using var reader = LedgerReader.Open(left.Path);
        Assert.Equal(FlowPhase.Running, reader.Flows()[0].Phase);
        using var again = Ledger.Open(left.Path, _clock);
        again.FlowStarted("predict", 5);

        Assert.Equal([FlowPhase.Running, FlowPhase.Running], reader.Flows().Select(f => f.Phase));
    }

    [Fact]
    public void Many_threads_may_write()
    {
        Parallel.For(0, 50, n => _ledger.ShardsChanged([new("train", 0, $"{n}", ShardState.Done, new(n, n, 0), [])]));

        Assert.Equal(50, Read(l => l.Shards("train")).Count);
    }

    [Fact]
    public void A_shard_takes_less_than_a_thousand_bytes()
    {
        const int Shards = 1000;
        _ledger.ShardsChanged([.. Enumerable.Range(0, Shards).Select(n => new ShardEvent(
            "predict", 0, $"/home/someone/data/a-folder-of-shards/shard-{n:000000}.tar", ShardState.Done, new(1000, 1000, 20), [File($"predictions/shard-{n:000000}.tar")], Memory))]);
        _ledger.InputsSeen("predict", [.. Enumerable.Range(0, Shards).Select(n => new InputFile($"/home/someone/data/a-folder-of-shards/shard-{n:000000}.tar", 3_000_000, Start, Sha('c')))]);
        _ledger.Dispose();

        Assert.InRange(new FileInfo(Database).Length / Shards, 100, 1000);
        Assert.Equal(Shards, Read(l => l.ShardCounts())[("predict", ShardState.Done)]);
    }

    public void Dispose()
    {
        _ledger.Dispose();
        _folder.Dispose();
    }

    private static string Sha(char digit) => new(digit, 64);

    private static WrittenFile File(string path) => new(path, 12345, Sha('d'));

    private void Progress(string flow, long done, TimeSpan elapsed) => _ledger.Progressed(new(flow, done, 300, 0, elapsed, NoForecast, Memory));

    private T Read<T>(Func<LedgerReader, T> read)
    {
        using var reader = LedgerReader.Open(_folder.Path);
        return read(reader);
    }
}
