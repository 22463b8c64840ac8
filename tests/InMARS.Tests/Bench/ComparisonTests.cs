using InMARS.Cli.Benchmarks.Running;

namespace InMARS.Tests.Bench;

public sealed class ComparisonTests
{
    [Fact]
    public void Ratios_are_marked_where_they_are_beyond_the_spread_in_the_direction_of_each_figure()
    {
        var old = Benches.Made(Benches.Part("toy", Benches.Ms("slower", 10), Benches.Ms("as it was", 10), Benches.Ms("faster", 10), Rate(100), Benches.Ms("left out", 1)));
        var now = Benches.Made(Benches.Part("toy", Benches.Ms("slower", 12), Benches.Ms("as it was", 10.9), Benches.Ms("faster", 8), Rate(50), Benches.Ms("come in", 3)), Benches.Part("more"));

        var comparison = new Comparison(old, now, Spread: 0.1);

        Assert.Equal(2, comparison.Worse);
        Assert.Equal(
            """
            ## Compared with 2026-11-22 18:00 (0.1.0+abc); marked where the median got worse or better by more than 10 %

            ### toy

            | figure | old | new | new / old | |
            |---|---|---|---|---|
            | slower | 10.00 ms | 12.00 ms | 1.200 | worse |
            | as it was | 10.00 ms | 10.90 ms | 1.090 |  |
            | faster | 10.00 ms | 8.000 ms | 0.8000 | better |
            | rate | 100.0 images/s | 50.00 images/s | 0.5000 | worse |
            | come in | | 3.000 ms | | new |
            | left out | 1.000 ms | | | gone |

            more: not measured then.
            """.ReplaceLineEndings("\n"),
            comparison.Markdown);
    }

    [Fact]
    public void What_makes_figures_differ_by_itself_is_told()
    {
        var old = Benches.Made(Benches.Part("toy", Benches.Ms("a", 10))) with { Quick = true, Machine = Benches.Machine with { Cores = 64 } };
        var now = Benches.Made(Benches.Part("toy", Benches.Ms("a", 10)) with { Setting = "other images" });

        var text = new Comparison(old, now, 0.1).Markdown;

        Assert.Contains("Another machine. Old: Some processor, 64 cores, ", text, StringComparison.Ordinal);
        Assert.Contains("One of them is a quick bench", text, StringComparison.Ordinal);
        Assert.Contains("Another setting. Old: some images. New: other images.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_nothing_can_only_get_worse()
    {
        var old = Benches.Made(Benches.Part("toy", Benches.Ms("same", 0), Benches.Ms("more", 0)));
        var now = Benches.Made(Benches.Part("toy", Benches.Ms("same", 0), Benches.Ms("more", 1)));

        var comparison = new Comparison(old, now, 0.1);

        Assert.Equal(1, comparison.Worse);
        Assert.Contains("| same | 0.000 ms | 0.000 ms | 1.000 |  |\n| more | 0.000 ms | 1.000 ms | ∞ | worse |", comparison.Markdown, StringComparison.Ordinal);
    }

    private static Figure Rate(double median) => new("rate", median, "images/s", FigureKind.Rate);
}
