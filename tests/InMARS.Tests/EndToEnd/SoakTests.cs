using InMARS.Soak;
using InMARS.Tests.Support;

namespace InMARS.Tests.EndToEnd;

/// <summary>The short version of <c>make soak</c>.</summary>
[Collection(Alone.Name)]
public sealed class SoakTests : IDisposable
{
    private const double Minutes = 1.5;
    private const int Seed = 3;
    private const int Epochs = 10;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <remarks>Where no tmpfs can be mounted the report says so, and everything else happens all the same.</remarks>
    [Fact]
    public async Task A_night_of_kills_signals_stalls_and_full_disks_leaves_no_trace()
    {
        var output = TestContext.Current.TestOutputHelper!;

        var report = await new Soak.Soak(new SoakOptions(Minutes, Seed, Epochs, _folder.Path), output.WriteLine).RunAsync(TestContext.Current.CancellationToken);

        output.WriteLine(SoakTable.Of(report));
        Assert.Empty(report.Tally.Findings);
    }

    [Fact]
    public void Quarters_of_a_run_are_compared_by_what_they_cost_without_the_end_of_the_flow()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        var figures = PlentyFigures.Of(start, [.. Enumerable.Range(1, 9).Select(n => (start.AddSeconds(n * n), 1000L, (long)n << 20))]);

        Assert.Equal(new PlentyFigures(9000, 1.5, 7.5, 2, 14), figures);
    }

    [Fact]
    public void A_file_that_is_missing_new_or_not_the_same_is_found()
    {
        var tally = new Tally(_ => { });

        Results.Compare(
            new Dictionary<string, string> { ["predictions/0.tar"] = "1", ["metrics.json"] = "2", ["training.jsonl"] = "3" },
            new Dictionary<string, string> { ["predictions/0.tar"] = "1", ["metrics.json"] = "9", ["left.part"] = "4" },
            tally);

        Assert.Equal(
            ["left.part is only in the disturbed run", "metrics.json has other bytes in the disturbed run", "training.jsonl is missing in the disturbed run"],
            tally.Findings);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(20)]
    public void Every_mishap_is_among_the_trials_and_those_of_the_same_seed_are_the_same(double minutes)
    {
        var options = new SoakOptions(minutes, Seed, 0, _folder.Path);

        var trials = Trial.Draw(options, seconds: 25 * minutes, withDisk: true);

        Assert.Equal(Enum.GetValues<Mishap>(), trials.Select(t => t.Mishap).Distinct().Order());
        Assert.Equal(trials, Trial.Draw(options, seconds: 25 * minutes, withDisk: true));
        Assert.DoesNotContain(Trial.Draw(options, 25 * minutes, withDisk: false), t => t.Mishap is Mishap.ScarceDisk or Mishap.FullDisk);
    }

    [Theory]
    [InlineData("expected a value behind --minutes", "--minutes")]
    [InlineData("unknown option --hours", "--hours", "2")]
    [InlineData("expected 0.5 minutes or more, found 0", "--minutes", "0")]
    public void Arguments_that_are_not_understood_are_named(string message, params string[] arguments) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => SoakOptions.Parse(arguments)).Message);
}
