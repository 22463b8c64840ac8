using InMARS.Cli.Benchmarks.Running;

namespace InMARS.Tests.Bench;

public sealed class FigureTests
{
    private static readonly Times _slow = new(Median: 8, Minimum: 6, Rounds: 3);
    private static readonly Times _fast = new(Median: 4, Minimum: 2, Rounds: 3);

    [Fact]
    public void Ratios_and_rates_are_of_medians_and_of_minima()
    {
        var ratio = Figure.Ratio("r", _slow, _fast);
        var rate = Figure.Rate("r", _fast, 10, "images/s");

        Assert.Equal((2.0, (double?)3.0, 3), (ratio.Median, ratio.Fastest, ratio.Rounds));
        Assert.Equal((2500.0, (double?)5000.0, Better.Higher), (rate.Median, rate.Fastest, rate.Better));
    }

    [Theory]
    [InlineData(Better.Lower, 2.0, true)]
    [InlineData(Better.Lower, 1.9, false)]
    [InlineData(Better.Higher, 2.0, true)]
    [InlineData(Better.Higher, 2.1, false)]
    internal void A_target_is_the_most_or_the_least_that_a_median_may_be(Better better, double target, bool met) =>
        Assert.Equal(met, (Figure.Ratio("r", _slow, _fast, better) with { Target = target }).Met);

    [Fact]
    public void A_figure_without_a_target_is_neither_met_nor_missed() => Assert.Null(Figure.Time("t", _fast).Met);

    [Fact]
    public void A_part_is_a_table()
    {
        var part = new BenchPart("toy", "what is measured", _ => throw new InvalidOperationException());
        var result = Benches.Part(
            "toy",
            Figure.Time("a work", _slow) with { Target = 10 },
            Figure.Ratio("slow / fast", _slow, _fast, Better.Higher) with { Target = 2.5 },
            new Figure("allocated", 1234567, "B", FigureKind.Bytes));

        Assert.Equal(
            """
            ## toy: what is measured

            some images. 2 s; load 0.5 before, 1.3 after.

            | figure | median | fastest | unit | rounds | target | |
            |---|---|---|---|---|---|---|
            | a work | 8.000 | 6.000 | ms | 3 | at most 10 | met |
            | slow / fast | 2.000 | 3.000 |  | 3 | at least 2.5 | missed |
            | allocated | 1234567 |  | B |  |  |  |
            """.ReplaceLineEndings("\n"),
            PartTable.Of(part, result));
    }
}
