using System.Collections.Concurrent;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Runs;
using InMARS.Pipeline.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Runs;

public sealed class TrialTests
{
    private static readonly RunSettings Settings = new("toys", 1, "runs", "cpu", 1, 0, "runs/.cache", new RejectPolicy(OnFault.Stop, 0, 0));
    private readonly ConcurrentQueue<int> _out = new();
    private readonly ConcurrentQueue<IReadOnlyList<int>> _lists = new();

    [Fact]
    public void It_has_three_items_of_a_flow_or_what_fills_its_batches()
    {
        var plain = new FlowPlan("plain", 9, Toy.Numbers(50) >> Toy.Pass() >> Toy.Collect(_out));
        var batches = new FlowPlan("batches", 9, Toy.Numbers(50) >> Batch(4) >> Toy.Collect(_lists));
        var nested = new FlowPlan("nested", 9, Toy.Numbers(50) >> Batch(4) >> Stage.Batch<IReadOnlyList<int>>("batch", new FlowOptions(), 5, LastBatch.Keep) >> Toy.Collect<IReadOnlyList<IReadOnlyList<int>>>(new()));

        Assert.Equal([3, 4, 20, 20], new[] { new[] { plain }, [batches], [nested], [plain, nested, batches] }.Select(flows => Trial.Items(Plan(flows))));
    }

    [Fact]
    public async Task It_reads_the_first_items_of_two_epochs_and_bears_every_fault()
    {
        var trial = Trial.Of(Plan(new FlowPlan("main", 9, Toy.Numbers(50) >> Toy.Pass() >> Toy.Collect(_out))), "/tmp/x/trial", 4);

        var summary = await RunAsync(trial);

        Assert.Equal([0, 1, 2, 3, 0, 1, 2, 3], _out);
        Assert.Equal(8, summary.Read);
        Assert.Equal(("/tmp/x/trial", "/tmp/x/trial/cache", new RejectPolicy()), (trial.Settings.Directory, trial.Settings.Cache, trial.Settings.Rejects));
    }

    [Fact]
    public async Task A_survey_takes_items_from_all_over_as_far_as_nothing_is_gathered()
    {
        var seen = new ConcurrentQueue<int>();
        var look = Stage.Map<int, int>("look", new FlowOptions(), (x, _) =>
        {
            seen.Enqueue(x);
            return x;
        });
        var graph = Spread(50) >> look >> Batch(2) >> Toy.Collect(_lists);

        var summary = await RunAsync(Trial.Survey(Plan(new FlowPlan("main", 9, graph)), "/tmp/x/survey", 3, Context));

        Assert.Equal([0, 20, 40], seen);
        Assert.Empty(_lists);
        Assert.Equal(["numbers", "look", "discard"], summary.Stages.Select(s => s.Stage));
    }

    [Fact]
    public void A_survey_leaves_out_flows_whose_source_has_only_a_beginning() =>
        Assert.Empty(Trial.Survey(Plan(new FlowPlan("main", 1, Toy.Numbers(50) >> Toy.Collect(_out))), "/tmp/x/survey", 3, Context).Flows);

    private static IStageContext Context(FlowPlan flow) => new PlanningContext(flow, Settings, TimeProvider.System);

    private static RunPlan Plan(params FlowPlan[] flows) => new(Settings, flows, "");

    private static Stage<int, IReadOnlyList<int>> Batch(int size) => Stage.Batch<int>("batch", new FlowOptions(), size, LastBatch.Keep);

    private static Source<int> Spread(int count) => Toy.Numbers(count) with
    {
        Spread = (context, most, _) => Enumerable.Range(0, most).Select(i => new Sourced<int>(i * 20, new Origin(context.Flow, $"{i}"), 1)),
    };

    private static Task<FlowSummary> RunAsync(RunPlan plan) => Graph.RunAsync(plan.Flows.Single(), new TestHost(), TestContext.Current.CancellationToken);
}
