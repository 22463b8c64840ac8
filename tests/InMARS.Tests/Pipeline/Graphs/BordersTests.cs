using CsCheck;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Graphs;

public class BordersTests
{
    [Fact]
    public void A_flow_goes_on_from_each_of_its_borders_as_if_nothing_had_been() =>
        Check.Sample(
            Gen.Select(Gen.Int[0, 4], Gen.Int[1, 6], Gen.Int[1, 5], Gen.Int[1, 3]),
            t =>
            {
                var (parallelism, capacity, size, epochs) = t;
                var whole = new TestHost();
                var expected = Run(whole, null);
                var host = new TestHost { CheckpointDue = true };

                Assert.Equal(expected, Run(host, null));
                Assert.All(host.Saved, state => Assert.Equal(expected, Run(new TestHost(), state)));

                string Run(TestHost on, FlowState? from)
                {
                    var sink = new Listing();
                    var draw = Stage.Map<int, ulong>("draw", parallelism == 0 ? new FlowOptions().OrAuto(null, null, 4) : new FlowOptions(parallelism, capacity), (x, item) => x % 7 == 3 ? new Fault("toy.seven", "no") : item.Seed);
                    var batch = Stage.Batch<ulong>("batch", new FlowOptions(1, Math.Max(size, capacity)), size, LastBatch.Keep);
                    var graph = Toy.Numbers(11) >> draw >> batch >> Sums() >> sink.Sink;
                    var summary = Toy.RunAsync(graph, on, epochs, from).GetAwaiter().GetResult();
                    return $"{string.Join(',', sink.Lines)}; {summary.Read} read, {summary.Left} left, {summary.Rejected} rejected; "
                        + string.Join(", ", summary.Stages.Select(s => $"{s.Stage} {s.In}-{s.Passed}-{s.Rejected}-{s.Emitted}"));
                }
            },
            iter: 30);

    [Fact]
    public async Task A_batch_that_is_filling_holds_a_border_back()
    {
        var host = new TestHost { CheckpointDue = true };

        await Toy.RunAsync(Toy.Numbers(10) >> Stage.Batch<int>("batch", new FlowOptions(1, 8), 4, LastBatch.Keep) >> new Listing<IReadOnlyList<int>>().Sink, host);

        Assert.Equal([0, 4, 8], host.Saved.Select(s => s.Next.Position));
    }

    [Fact]
    public async Task A_run_that_is_to_stop_does_so_at_a_border_with_a_checkpoint()
    {
        var host = new TestHost();
        var sink = new Listing<IReadOnlyList<int>>();
        var numbers = Toy.Numbers(100, read: n => host.StopRequested = n >= 9);

        await Assert.ThrowsAsync<RunStoppedException>(() =>
            Toy.RunAsync(numbers >> Stage.Batch<int>("batch", new FlowOptions(1, 8), 4, LastBatch.Keep) >> sink.Sink, host));

        Assert.Equal(12, Assert.Single(host.Saved).Next.Position);
        Assert.Equal(3, sink.Count);
    }

    [Fact]
    public async Task A_flow_with_a_stage_that_has_no_state_to_give_takes_no_checkpoint()
    {
        var host = new TestHost { CheckpointDue = true };

        await Toy.RunAsync(Toy.Numbers(10) >> Toy.Collect<int>([]), host);

        Assert.Empty(host.Saved);
    }

    [Fact]
    public async Task An_epoch_has_a_checkpoint_at_its_end_and_none_where_none_is_wanted()
    {
        var host = new TestHost();

        await Toy.RunAsync(Toy.Numbers(10) >> new Listing<int>().Sink, host, epochs: 3);

        Assert.Equal([new Cursor(1, 0), new Cursor(2, 0)], host.Saved.Select(s => s.Next));
    }

    [Theory]
    [InlineData(true, true, "3 6 9")]
    [InlineData(true, false, "3")]
    [InlineData(false, true, "")]
    public async Task There_is_a_border_between_two_shards_that_come_one_behind_the_other(bool goesByShards, bool due, string borders)
    {
        var host = new TestHost { ShardDue = due };
        var numbers = Toy.Numbers(10, perShard: 3) with { GoesByShards = goesByShards };

        await Toy.RunAsync(numbers >> new Listing<int>().Sink, host);

        // The first shard's end is a border whenever it comes: how dear one is, is not known before.
        Assert.Equal(borders, string.Join(' ', host.Saved.Select(s => s.Next.Position)));
    }

    [Fact]
    public async Task Output_is_published_behind_the_checkpoint_that_holds_it()
    {
        var sink = new Listing<int> { Awaits = true };
        var host = new TestHost { OnSave = _ => sink.Told.Add("saved") };

        await Toy.RunAsync(Toy.Numbers(1) >> sink.Sink, host);

        Assert.Equal(["carried", "saved", "published", "carried", "saved", "published"], sink.Told);
    }

    [Fact]
    public async Task Output_waits_while_a_checkpoint_is_too_dear()
    {
        var sink = new Listing<int> { Awaits = true };
        var host = new TestHost { ShardDue = false };

        await Toy.RunAsync(Toy.Numbers(10) >> sink.Sink, host);

        Assert.Equal([0], host.Saved.Select(s => s.Next.Position));
    }

    private static Stage<IReadOnlyList<ulong>, ulong> Sums() => Stage.Fold<Sum, IReadOnlyList<ulong>, ulong>(
        "sum", new FlowOptions(1, 2), _ => new Sum(), (sum, values, _) => Result.Ok<IReadOnlyList<ulong>>([sum.Add(values)]), sum => [sum.Total]);

    private sealed class Sum : IResumable
    {
        public ulong Total { get; private set; }

        public ulong Add(IReadOnlyList<ulong> values) => Total = values.Aggregate(Total, (a, b) => unchecked((a * 31) + b));

        public void Carry(StateArchive state) => Total = state.Value("total", Total);
    }

    private sealed class Listing : Listing<ulong>;

    /// <summary>A sink that remembers what it got, over checkpoints too.</summary>
    private class Listing<T> : ISinkWriter<T>, IResumable
    {
        private List<string> _lines = [];

        public bool Awaits { get; init; }

        public bool AwaitsCheckpoint => Awaits;

        public List<string> Told { get; } = [];

        public IReadOnlyList<string> Lines => _lines;

        public int Count => _lines.Count;

        public Sink<T> Sink => new("listing", new FlowOptions(1, 2), _ => this);

        public Task<Fault?> WriteAsync(T value, ItemContext item, CancellationToken stop)
        {
            _lines.Add($"{value}");
            return Task.FromResult<Fault?>(null);
        }

        public void Carry(StateArchive state)
        {
            Told.Add("carried");
            _lines = state.Value("lines", _lines);
        }

        public void Publish() => Told.Add("published");

        public Task CompleteAsync(CancellationToken stop) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
