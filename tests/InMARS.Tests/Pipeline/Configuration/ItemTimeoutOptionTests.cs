using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Configuration;

public class ItemTimeoutOptionTests
{
    private const string Limit = "flow.item_timeout_seconds=30";
    private const string Refusal = "flow: this cannot leave a late item behind, since it keeps something between items or writes it; expected no item_timeout_seconds";
    private static readonly string Good = RunFiles.WithSteps("      - use: toy.add\n      - use: batch\n        with: {size: 4}").Replace("toy.collect", "toy.lists", StringComparison.Ordinal);

    [Fact]
    public void A_run_and_a_stage_without_state_may_have_a_limit() =>
        Assert.Equal(1.5, RunFiles.Plan(Good, "run.item_timeout_seconds=1.5", $"flows.main.steps.toy.add.{Limit}").Settings.ItemTimeoutSeconds);

    [Theory]
    [InlineData("flows.main.sinks.toy.lists")]
    [InlineData("flows.main.steps.batch")]
    public void What_cannot_leave_an_item_behind_is_refused_one(string step) =>
        Assert.EndsWith(Refusal, RunFiles.Errors(Good, $"{step}.{Limit}"), StringComparison.Ordinal);

    [Fact]
    public void A_source_knows_no_limit() =>
        Assert.Contains("flows.main.source.flow.item_timeout_seconds: unknown key", RunFiles.Errors(Good, $"flows.main.source.{Limit}"), StringComparison.Ordinal);

    [Fact]
    public void A_limit_is_not_negative() => Assert.EndsWith(
        "run.item_timeout_seconds: expected 0 to 1000000, found -1", RunFiles.Errors(Good, "run.item_timeout_seconds=-1"), StringComparison.Ordinal);
}
