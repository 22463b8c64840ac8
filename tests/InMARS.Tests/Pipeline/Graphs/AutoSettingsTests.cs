using System.Collections.Concurrent;
using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Graphs;

public class AutoSettingsTests
{
    private const int Most = 4;
    private static readonly FlowOptions _auto = new FlowOptions().OrAuto(null, null, Most);

    [Fact]
    public async Task A_flow_sets_itself_once_and_tells_the_numbers()
    {
        var host = new TestHost();
        var outputs = new ConcurrentQueue<int>();

        var summary = await Toy.RunAsync(Toy.Numbers(400) >> Uneven(_auto) >> Toy.Collect(outputs), host);

        var (_, kind, data) = Assert.Single(host.Logged, l => l.Kind == "auto");
        Assert.Equal(Enumerable.Range(0, 400), outputs);
        Assert.NotNull(summary.Auto?.After);
        Assert.InRange(summary.Auto.After.Value, 32, 400);
        Assert.Equal(summary.Auto.After, (long)data!["after_items"]!);
        Assert.Equal(summary.Auto.Stages.Select(s => s.Parallelism), data["stages"]!.AsArray().Select(s => (int)s!["parallelism"]!));
        Assert.Equal(summary.Stages.Select(s => s.Parallelism), summary.Auto.Stages.Select(s => s.Parallelism));
        Assert.InRange(summary.PeakItems, 1, long.MaxValue);
    }

    [Fact]
    public async Task A_flow_of_few_items_is_not_set_but_tells_what_it_would_be()
    {
        var host = new TestHost();

        var summary = await Toy.RunAsync(Toy.Numbers(31) >> Uneven(_auto) >> Toy.Collect(new ConcurrentQueue<int>()), host);

        Assert.DoesNotContain(host.Logged, l => l.Kind == "auto");
        Assert.Equal(["numbers", "uneven", "collect"], summary.Auto!.Stages.Select(s => s.Stage));
        Assert.Null(summary.Auto.After);
        Assert.Equal(Most, summary.Stages[1].Parallelism);
    }

    [Fact]
    public async Task What_is_given_stays_as_it_is()
    {
        var host = new TestHost();

        var summary = await Toy.RunAsync(Toy.Numbers(400) >> Uneven(new FlowOptions(3, 7)) >> Toy.Collect(new ConcurrentQueue<int>()), host);

        Assert.Empty(host.Logged);
        Assert.Null(summary.Auto);
        Assert.Equal(3, summary.Stages[1].Parallelism);
    }

    [Fact]
    public async Task Beside_auto_a_number_that_is_given_stays()
    {
        var given = new FlowOptions().OrAuto(3, null, Most);

        var summary = await Toy.RunAsync(Toy.Numbers(400) >> Uneven(given) >> Toy.Collect(new ConcurrentQueue<int>()));

        Assert.Equal(3, summary.Stages[1].Parallelism);
        Assert.Equal(3, summary.Auto!.Stages[1].Parallelism);
    }

    [Fact]
    public void A_run_file_without_numbers_leaves_them_to_the_rule()
    {
        var plan = RunFile.Parse(
            """
            run: { name: a }
            flows:
              - name: main
                source: { use: toy.count }
                steps:
                  - use: toy.add
                  - { use: toy.add, flow: { parallelism: 3, capacity: 5 } }
                  - { use: toy.add, flow: { parallelism: auto, capacity: auto } }
                  - { use: toy.add, flow: { parallelism: 100 } }
                sinks: [use: toy.collect]
            """,
            "a.yaml",
            [],
            [new ToyStages()]).Match(p => p, e => throw new InvalidOperationException(string.Join('\n', e)));
        var cores = Environment.ProcessorCount;

        var stages = plan.Flows[0].Graph.Shapes.Skip(1).Take(4).Select(s => (s.Parallelism, s.ParallelismIsAuto, s.Capacity, s.CapacityIsAuto));

        var auto = (cores, true, Math.Max(16, 2 * cores), true);
        Assert.Equal([auto, (3, false, 5, false), auto, (100, false, 200, true)], stages);
    }

    [Fact]
    public async Task One_at_a_time_no_kernel_has_another_beside_it()
    {
        int now = 0, most = 0;
        int Pass(int x)
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            Thread.SpinWait(1000);
            Interlocked.Decrement(ref now);
            return x;
        }

        var outputs = new ConcurrentQueue<IReadOnlyList<int>>();
        var graph = Toy.Numbers(50)
            >> Stage.Map<int, int>("a", new FlowOptions(4, 8), (x, _) => Pass(x))
            >> Stage.Map<int, int>("b", new FlowOptions(4, 8), (x, _) => Pass(x))
            >> Stage.Batch<int>("batch", new FlowOptions(1, 8), 4, LastBatch.Keep)
            >> Stage.Map<IReadOnlyList<int>, IReadOnlyList<int>>("c", new FlowOptions(4, 8), (x, _) => x.Select(Pass).ToArray())
            >> Toy.Collect(outputs);

        await Graph.RunAsync(new FlowPlan("test", 1, graph) { OneAtATime = true }, new TestHost(), TestContext.Current.CancellationToken);

        Assert.Equal(1, most);
        Assert.Equal(Enumerable.Range(0, 50), outputs.SelectMany(o => o));
    }

    private static Stage<int, int> Uneven(FlowOptions flow) => Stage.Map<int, int>("uneven", flow, (x, _) =>
    {
        Thread.SpinWait(x % 7 == 0 ? 20_000 : 10);
        return x;
    });
}
