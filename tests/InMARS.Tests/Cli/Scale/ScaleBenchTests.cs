using InMARS.Cli.Benchmarks.Scale;
using InMARS.Pipeline.Graphs;
using InMARS.Stages;

namespace InMARS.Tests.Cli.Scale;

public sealed class ScaleBenchTests
{
    [Theory]
    [InlineData(100, 60, 2, 20, 80)]
    [InlineData(100, 50, 2, 0, 100)]
    [InlineData(100, 40, 4, 20, 80)]
    [InlineData(100, 100, 2, 100, 0)]
    [InlineData(100, 101, 2, 100, 0)]
    [InlineData(100, 20, 2, 0, 100)]
    public void What_other_threads_did_not_do_is_done_alone(double all, double caller, int threads, double alone, double shared)
    {
        var split = ThreadedTime.Of(all, caller, threads);

        Assert.Equal(alone, split.Alone, 1e-9);
        Assert.Equal(shared, split.Shared, 1e-9);
    }

    [Fact]
    public void The_clock_tells_of_a_call_in_rounds_in_which_others_left_the_cores_alone() =>
        Assert.Equal((11, 30), (ScaleMeasurement.CallerMs([(0.5, 10), (0.01, 12), (0, 11)], 30), ScaleMeasurement.CallerMs([(0.5, 10), (1.2, 12)], 30)));

    [Fact]
    public void With_more_cores_the_rule_gives_stages_more_hands_until_one_that_cannot_have_them_is_slowest()
    {
        var flow = Flow(Stage("cut", ms: 8) with { Shape = new StageShape("cut", 2, 16, 1, 1) { ParallelismIsAuto = true, CapacityIsAuto = true } });

        Assert.Equal(
            [(1, 1), (2, 2), (4, 4), (8, 7), (16, 9)],
            new[] { 1, 2, 4, 8, 16 }.Select(cores => (cores, flow.On(new Machine(cores, null), 10).Stages[1].Parallelism)));
        Assert.Equal(1000, Simulation.Run(flow.On(new Machine(64, null), 4000)).PerSecond, 20.0);
    }

    [Fact]
    public void What_the_run_file_gives_stays_on_any_machine()
    {
        var flow = Flow(Stage("cut", ms: 8) with { Shape = new StageShape("cut", 3, 5, 1, 1) });

        var stage = flow.On(new Machine(64, null), 10).Stages[1];

        Assert.Equal((3, 5), (stage.Parallelism, stage.Capacity));
    }

    [Fact]
    public void A_gpu_has_its_rate_where_the_cores_keep_up()
    {
        var learn = Stage("learn", ms: 900) with { Sequential = true, Calls = 0.125, Threads = new ThreadedTime(100, 800) };
        var flow = Flow(Stage("batch", 0) with { Sequential = true, Shape = new StageShape("batch", 1, 8, 8, 1) }, learn);

        Assert.Equal(400, Simulation.Run(flow.On(new Machine(2, 400), 8000)).PerSecond, 4.0);
        Assert.Equal(8 / 0.9, Simulation.Run(flow.On(new Machine(1, null), 800)).PerSecond, 0.2);
        Assert.Equal(8 / 0.5, Simulation.Run(flow.On(new Machine(2, null), 800)).PerSecond, 0.3);
    }

    [Fact]
    public void Items_alive_fit_the_memory()
    {
        var flow = Flow(Stage("slow", 10)) with { ItemBytes = 100, Budget = 350 };

        Assert.Equal(3, Simulation.Run(flow.On(new Machine(2, null), 100)).PeakAlive);
    }

    [Fact]
    public async Task It_prints_what_it_measured_and_a_row_for_each_machine()
    {
        var run = await CliRun.OfAsync(["bench", "scale", "--sizes", "64x48", "--cores", "1,64", "--images", "4", "--repeats", "1", "--gpu-images-per-second", "50"], [new StandardStages()]);

        Assert.True(run.Code == 0, run.Told);
        Assert.All(
            [
                "| train | 64 x 48 | superpixel.slic | 1 |", "| train | 64 x 48 | learn.inmars | 0.25 |", "| predict | 64 x 48 | write.labels | 1 |",
                "| train | 64 x 48 | 1 | none |", "| train | 64 x 48 | 64 | none |", "| train | 64 x 48 | 64 | 50 | ", "| predict | 64 x 48 | 64 | 50 | ",
            ],
            row => Assert.Contains($"\n{row}", run.Out, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--sizes", "100", "--sizes: expected sizes such as 200x200,480x360, each side 16 to 16384, found '100'")]
    [InlineData("--sizes", "200x200,8x8", "--sizes: expected sizes such as 200x200,480x360, each side 16 to 16384, found '8x8'")]
    [InlineData("--cores", "1,0", "--cores: expected whole numbers from 1 to 1024, such as 1,2,4, found '0'")]
    [InlineData("--gpu-images-per-second", "-1", "--gpu-images-per-second: expected a number above 0, found '-1'")]
    [InlineData("--run", "no-such.yaml", "--run: there is no file or folder 'no-such.yaml'")]
    public async Task Wrong_options_are_told(string option, string value, string error)
    {
        var run = await CliRun.OfAsync(["bench", "scale", option, value]);

        Assert.Equal(2, run.Code);
        Assert.Contains(error, run.Error, StringComparison.Ordinal);
    }

    private static MeasuredFlow Flow(params MeasuredStage[] stages) => new(
        "flow", "1 x 1", 1, 1 << 20,
        [
            Stage("read", 0.5) with { Sequential = true, Shape = new StageShape("read", 1, 4, 1, 1) },
            .. stages,
            Stage("write", 1) with { Sequential = true, Calls = stages[^1].Calls, Shape = new StageShape("write", 1, 16, 1, 1) { IsSink = true } },
        ]);

    private static MeasuredStage Stage(string name, double ms) => new(new StageShape(name, 1, 16, 1, 1), false, 1, 1, ms, null);
}
