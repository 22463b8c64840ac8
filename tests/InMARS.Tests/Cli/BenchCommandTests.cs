using InMARS.Stages;

namespace InMARS.Tests.Cli;

public sealed class BenchCommandTests
{
    [Fact]
    public async Task The_bench_of_inference_has_a_row_for_the_floor_and_for_what_is_measured_by_it()
    {
        var run = await CliRun.OfAsync(["bench", "inference", "--limit", "1", "--rounds", "1"], [new StandardStages()]);

        Assert.True(run.Code == 0, run.Told);
        Assert.All(
            ["| floor: torch's convolutions, nothing else |", "| network, not fused: pixels to clusters |", "| network, fused: pixels to clusters |", "| flow, not fused, superpixels by simd |", "| flow, fused, superpixels by simd |", "| flow, fused, superpixels by opencv |", "not fused / fused: "],
            row => Assert.Contains($"\n{row}", run.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_bench_of_a_step_has_a_row_for_each_pass_and_each_objective()
    {
        var run = await CliRun.OfAsync(["bench", "step", "--limit", "2", "--rounds", "1"], [new StandardStages()]);

        Assert.True(run.Code == 0, run.Told);
        Assert.All(
            ["| a pass: there |", "| a pass: there and back to the weights |", "| a pass: there and back to the pixels |", "| information |", "| information and noise |", "| information and motion |", "| the recipe: ", "| moving the weights |"],
            row => Assert.Contains($"\n{row}", run.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_bench_of_superpixels_asks_for_images()
    {
        var run = await CliRun.OfAsync(["bench", "superpixels"]);

        Assert.Equal(2, run.Code);
        Assert.Contains("bench superpixels needs --images DIR", run.Error, StringComparison.Ordinal);
    }
}
