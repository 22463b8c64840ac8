using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Pipeline.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Runs;

/// <summary>Whole runs with a stage that hangs at some items until the test ends.</summary>
public sealed class ItemTimeoutRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualResetEventSlim _gate = new();
    private readonly List<string> _kept = [];

    public void Dispose()
    {
        _gate.Set();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_stage_that_blocks_for_ever_costs_the_run_its_item_and_no_more()
    {
        var outcome = await Guard(Runner.RunAsync(Plan(), Options(), [], TestContext.Current.CancellationToken));

        Assert.Equal((RunEnd.WithRejects, 3, 1L), (outcome.End, outcome.ExitCode, outcome.Rejected));
        Assert.Equal((100, 100, 1), (outcome.Flows[0].Read, outcome.Flows[0].Left, outcome.Flows[0].Rejected));
        Assert.Equal(
            """{"shard":"toys","key":"010","flow":"main","stage":"hold.some","epoch":0,"index":10,"code":"item.timeout","message":"the stage was at it for more than 60 s","attempt":1}""",
            File.ReadAllText(_folder["held", "rejects.jsonl"]).TrimEnd());
        Assert.Equal(["toys:010"], _kept);
    }

    [Fact]
    public async Task A_run_with_too_many_late_kernels_stops_in_order_and_goes_on_where_it_was()
    {
        var plan = Plan("flows.main.steps.hold.some.with.count=5");

        var stopped = await Guard(Runner.RunAsync(plan, Options(), [], TestContext.Current.CancellationToken));
        var resumed = await Guard(Runner.ResumeAsync(plan, Options(), TestContext.Current.CancellationToken));

        Assert.Equal((RunEnd.Interrupted, 75, true), (stopped.End, stopped.ExitCode, stopped.CanResume));
        Assert.Equal("stopped in flow 'main': 5 kernels of hold.some have not come back, the last at toys:014; no more than 4 may be left behind", stopped.Error);
        Assert.Equal((RunEnd.WithRejects, 5L), (resumed.End, resumed.Rejected));
        Assert.Equal((100, 100, 5), (resumed.Flows[0].Read, resumed.Flows[0].Left, resumed.Flows[0].Rejected));
        Assert.Equal(5, File.ReadAllLines(_folder["held", "rejects.jsonl"]).Count(line => line.Contains("item.timeout", StringComparison.Ordinal)));
        Assert.Equal(["toys:010", "toys:011", "toys:012", "toys:013", "toys:014"], _kept);
    }

    [Fact]
    public void A_stage_with_a_state_may_have_no_time_limit() => Assert.EndsWith(
        "flows.main.steps[0].flow: this cannot leave a late item behind, since it keeps something between items or writes it; expected no item_timeout_seconds",
        string.Join('\n', Parse("flows.main.steps.hold.some.flow.item_timeout_seconds=5", "flows.main.steps.hold.some.use=hold.sum").ErrorsOrNone),
        StringComparison.Ordinal);

    private static Task<T> Guard<T>(Task<T> run) => run.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    private RunPlan Plan(params string[] overrides) => Parse(overrides).Match(plan => plan, errors => throw new InvalidOperationException(string.Join("; ", errors)));

    private Validated<RunPlan> Parse(params string[] overrides) => RunFile.Parse(
        """
        run: {name: held, item_timeout_seconds: 60}
        flows:
          - name: main
            source: {use: hold.count}
            steps: [{use: hold.some, flow: {parallelism: 1, capacity: 4}}]
            sinks: [{use: hold.end}]
        """,
        "run.yaml",
        [$"run.output='{_folder.Path}'", .. overrides],
        [new HoldingStages(_gate)]);

    private RunOptions Options() => new(false, new OwnTimerClock()) { Quarantine = (_, _, _) => new Kept(_kept) };

    private sealed class Kept(List<string> kept) : IQuarantine
    {
        public void Add(Reject reject) => kept.Add(reject.Origin.ToString());

        public void Commit()
        {
        }

        public void Carry(StateArchive state)
        {
        }

        public void Dispose()
        {
        }
    }
}
