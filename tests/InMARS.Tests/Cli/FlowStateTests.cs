using InMARS.Cli.Display;

namespace InMARS.Tests.Cli;

public class FlowStateTests
{
    private static readonly Dictionary<string, double> Figures = new() { ["mi"] = 0.98213, ["loss"] = -1.03119 };

    [Fact]
    public void A_state_tells_how_far_how_fast_and_how_long() =>
        Assert.Equal(
            "train: 300/2,400 images, 30.0 images/s, 1:10 left, 2 rejected; loss -1.0312, mi 0.9821",
            new FlowState("train", 300, 2, 2400, TimeSpan.FromSeconds(10), Figures).ToString());

    [Fact]
    public void A_state_without_a_total_tells_the_time_so_far() =>
        Assert.Equal("a: 5 images, 0.50 images/s, 0:10 so far", new FlowState("a", 5, 0, null, TimeSpan.FromSeconds(10), new Dictionary<string, double>()).ToString());

    [Theory]
    [InlineData(0, 0, 0, 1.0)]
    [InlineData(0, 10, 0, 0.0)]
    [InlineData(12, 10, 5, 1.0)]
    public void Shares_and_rates_stay_in_bounds(long done, long total, int seconds, double share)
    {
        var state = new FlowState("a", done, 0, total, TimeSpan.FromSeconds(seconds), Figures);

        Assert.Equal(share, state.Share);
        Assert.True(double.IsFinite(state.Rate));
        Assert.False(state.Left < TimeSpan.Zero);
    }

    [Theory]
    [InlineData(0, "-")]
    [InlineData(0.456, "0.46")]
    [InlineData(26.14, "26.1")]
    [InlineData(1234.5, "1,234")]
    public void Rates_have_three_digits_that_matter(double rate, string text) => Assert.Equal(text, Plain.Rate(rate));

    [Theory]
    [InlineData(10, "10")]
    [InlineData(1, "1.0000")]
    [InlineData(0.65432, "0.6543")]
    [InlineData(12345678, "12,345,678")]
    [InlineData(double.NaN, "-")]
    public void Figures_are_whole_or_have_four_digits(double value, string text) => Assert.Equal(text, Plain.Figure(value));

    [Theory]
    [InlineData(46, "0:46")]
    [InlineData(725, "12:05")]
    [InlineData(10930, "3:02:10")]
    public void Times_are_clocks(int seconds, string text) => Assert.Equal(text, Plain.Clock(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void One_line_has_no_control_characters() => Assert.Equal("a b\uFFFD[31mc", Plain.OneLine("a\r\nb\u001b[31mc\n"));
}
