using CsCheck;
using InMARS.Cli.Benchmarks.Scale;

namespace InMARS.Tests.Cli.Scale;

public class SimulationTests
{
    private static readonly Gen<ServedStage> _map = Gen.Select(Gen.Double[0, 20], Gen.Int[1, 6], Gen.Int[1, 12])
        .Select((ms, parallelism, capacity) => new ServedStage("map", new ServiceTime(ms), parallelism, capacity));

    private static readonly Gen<ServedStage> _fold = Gen.Select(Gen.Double[0, 20], Gen.Double[0, 40], Gen.Int[1, 8], Gen.Int[1, 4])
        .Select((alone, shared, threads, capacity) => new ServedStage("fold", new ServiceTime(alone, shared, Threads: threads), 1, capacity) { Room = 2 });

    private static readonly Gen<Scenario> _scenario = Gen.Select(_map.Array[0, 4], Gen.Int[1, 6], _fold, Gen.Int[1, 8], Gen.Int[1, 60], Gen.Int[1, 40])
        .Select((maps, size, fold, cores, items, alive) => new Scenario([Source(0.5), .. maps, Batch(size), fold, Sink(1)], cores, items, alive));

    [Theory]
    [InlineData(4, 4, 100)]
    [InlineData(4, 2, 200)]
    [InlineData(2, 4, 200)]
    [InlineData(1, 64, 400)]
    public void A_stage_takes_its_work_over_its_hands_or_over_the_cores(int parallelism, int cores, double milliseconds)
    {
        var found = Run(cores, 40, Source(), new ServedStage("work", new ServiceTime(10), parallelism, 8), Sink());

        Assert.Equal(milliseconds / 1000, found.Seconds, 1e-9);
        Assert.Equal(40_000 / milliseconds, found.PerSecond, 1e-6);
    }

    [Theory]
    [InlineData(10, 4, (40 * 10) + 4)]
    [InlineData(4, 10, (40 * 10) + 4)]
    [InlineData(7, 7, (40 * 7) + 7)]
    public void A_pipeline_goes_at_the_pace_of_its_slowest_stage(double first, double second, double milliseconds)
    {
        var found = Run(2, 40, Source(), new ServedStage("a", new ServiceTime(first), 1, 2), new ServedStage("b", new ServiceTime(second), 1, 2), Sink());

        Assert.Equal(milliseconds / 1000, found.Seconds, 1e-9);
        Assert.Equal(first > second ? "a" : second > first ? "b" : "the cores", found.Bottleneck);
    }

    [Fact]
    public void Capacity_bounds_what_waits_before_a_slow_stage()
    {
        var found = Run(4, 50, Source(1, room: 2), new ServedStage("quick", new ServiceTime(1), 1, 3), new ServedStage("slow", new ServiceTime(100), 1, 4), Sink());

        Assert.Equal(1 + 2 + 3 + 4, found.PeakAlive);
        Assert.Equal((50 * 100 / 1000.0) + 0.002, found.Seconds, 1e-9);
    }

    [Fact]
    public void No_more_are_alive_than_the_budget_has_room_for()
    {
        var found = Simulation.Run(new Scenario([Source(), new ServedStage("slow", new ServiceTime(10), 1, 30), Sink()], 2, 50, 5));

        Assert.Equal(5, found.PeakAlive);
    }

    [Fact]
    public void A_batch_larger_than_the_budget_still_fills()
    {
        var found = Simulation.Run(new Scenario([Source(), Batch(8), Fold(8), Sink()], 2, 24, 3));

        Assert.Equal(8, found.PeakAlive);
        Assert.Equal(0.024, found.Seconds, 1e-9);
    }

    [Theory]
    [InlineData(10, 3)]
    [InlineData(12, 3)]
    [InlineData(1, 1)]
    public void A_batch_is_one_call_and_a_short_one_comes_at_the_end(int items, int calls)
    {
        var found = Run(2, items, Source(), Batch(4), Fold(8), Sink());

        Assert.Equal(calls * 0.008, found.Seconds, 1e-9);
    }

    [Fact]
    public void Outputs_of_a_list_are_written_one_by_one()
    {
        var found = Run(2, 16, Source(), Batch(8), Fold(4) with { Outputs = 8, Room = 8 }, Sink(3));

        Assert.Equal((4 + (16 * 3)) / 1000.0, found.Seconds, 1e-9);
    }

    [Theory]
    [InlineData(4, 20)]
    [InlineData(2, 30)]
    [InlineData(1, 50)]
    public void Threads_share_what_can_be_shared(int cores, double milliseconds)
    {
        var fold = new ServedStage("fold", new ServiceTime(10, 40, Threads: cores), 1, 2) { Room = 1 };

        Assert.Equal(milliseconds / 1000 * 10, Run(cores, 10, Source(), fold, Sink()).Seconds, 1e-9);
    }

    [Fact]
    public void More_threads_than_cores_take_turns()
    {
        var fold = new ServedStage("fold", new ServiceTime(10, 40, Threads: 4), 1, 2) { Room = 1 };

        Assert.Equal(0.3, Run(2, 10, Source(), fold, Sink()).Seconds, 1e-9);
    }

    [Fact]
    public void A_device_takes_no_core()
    {
        var device = new ServedStage("device", new ServiceTime(0, Elsewhere: 10), 1, 2) { Room = 1 };

        var found = Run(1, 20, Source(), new ServedStage("work", new ServiceTime(10), 1, 2), device, Sink());

        Assert.Equal(0.210, found.Seconds, 1e-9);
        Assert.Equal(0.200, found.CoreSeconds, 1e-9);
    }

    [Fact]
    public void Every_sink_sees_every_item()
    {
        var found = Run(1, 10, Source(), new ServedStage("work", new ServiceTime(1), 1, 2), Sink(2), Sink(3));

        Assert.Equal(0.060, found.Seconds, 1e-9);
    }

    [Fact]
    public void An_item_that_overtakes_waits_for_its_turn()
    {
        // Two hands, and a third that would be free: the second item is done with the first, as it came with it.
        var found = Run(3, 3, Source(), new ServedStage("work", new ServiceTime(9), 3, 3), new ServedStage("one", new ServiceTime(1), 1, 1), Sink());

        Assert.Equal(0.012, found.Seconds, 1e-9);
    }

    [Fact]
    public void Items_alive_are_the_rate_times_the_time_of_each()
    {
        const int Items = 100;

        var found = Run(2, Items, Source(10), new ServedStage("work", new ServiceTime(10), 1, 2), Sink());

        Assert.Equal(Items * 20.0 / ((Items * 10) + 10), found.MeanAlive, 1e-9);
    }

    [Fact]
    public void Whatever_the_graph_all_work_is_done_and_no_core_does_two_things() => _scenario.Sample(scenario =>
    {
        var found = Simulation.Run(scenario);
        var calls = Calls(scenario);
        var work = scenario.Stages.Zip(calls, (s, n) => s.Time.Work * n).Sum() / 1000;
        var longest = scenario.Stages.Zip(calls, (s, n) => s.Time.Free * n / s.Parallelism).Max() / 1000;
        return Math.Abs(found.CoreSeconds - work) < 1e-6
            && found.Seconds >= (work / scenario.Cores) - 1e-9
            && found.Seconds >= longest - 1e-9
            && found.PeakAlive <= scenario.Alive + scenario.Stages.Max(s => s.Gathers)
            && found.MeanAlive <= found.PeakAlive;
    });

    [Fact]
    public void The_same_scenario_gives_the_same_bits() => _scenario.Sample(scenario =>
    {
        var (one, two) = (Simulation.Run(scenario), Simulation.Run(scenario));
        return (one.Seconds, one.CoreSeconds, one.MeanAlive, one.PeakAlive) == (two.Seconds, two.CoreSeconds, two.MeanAlive, two.PeakAlive);
    });

    [Fact]
    public void One_core_does_all_work_one_after_the_other() => _scenario.Sample(scenario =>
    {
        var found = Simulation.Run(scenario with { Cores = 1 });
        return Math.Abs(found.Seconds - (scenario.Stages.Zip(Calls(scenario), (s, n) => s.Time.Work * n).Sum() / 1000)) < 1e-6;
    });

    [Fact]
    public void More_cores_are_not_slower() => _scenario.Sample(scenario =>
        Simulation.Run(scenario with { Cores = scenario.Cores + 1 }).Seconds <= Simulation.Run(scenario).Seconds * (1 + 1e-9));

    [Fact]
    public void A_machine_twice_as_fast_takes_half_the_time() => _scenario.Sample(scenario =>
    {
        var quick = scenario with { Stages = [.. scenario.Stages.Select(s => s with { Time = s.Time with { Alone = s.Time.Alone / 2, Shared = s.Time.Shared / 2 } })] };
        return Math.Abs((2 * Simulation.Run(quick).Seconds) - Simulation.Run(scenario).Seconds) < 1e-6;
    });

    private static List<int> Calls(Scenario scenario)
    {
        var (calls, messages) = (new List<int>(), scenario.Items);
        foreach (var stage in scenario.Stages)
        {
            calls.Add(messages);
            messages = (messages + stage.Gathers - 1) / stage.Gathers;
        }

        return calls;
    }

    private static Simulated Run(int cores, int items, params ServedStage[] stages) => Simulation.Run(new Scenario(stages, cores, items, long.MaxValue));

    private static ServedStage Source(double ms = 0, int room = 4) => new("source", new ServiceTime(ms), 1, 1) { Room = room };

    private static ServedStage Batch(int size) => new("batch", default(ServiceTime) with { Threads = 1 }, 1, 1) { Gathers = size, Room = 1 };

    private static ServedStage Fold(double ms) => new("fold", new ServiceTime(ms), 1, 2) { Room = 1 };

    private static ServedStage Sink(double ms = 0) => new("sink", new ServiceTime(ms), 1, 4) { IsSink = true };
}
