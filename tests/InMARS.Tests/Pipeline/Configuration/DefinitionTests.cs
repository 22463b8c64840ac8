using System.Globalization;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Configuration;

public class DefinitionTests
{
    private const string Flows =
        """

        flows:
          - {name: one, source: {use: toy.count}, steps: [{steps: a}], sinks: [{use: toy.collect}]}
          - {name: two, source: {use: toy.count}, steps: [{steps: a}, {steps: a}], sinks: [{use: toy.collect}]}
        """;

    [Fact]
    public void Steps_of_a_definition_may_be_used_several_times()
    {
        var once = RunFiles.Plan("run: {name: t}\ndefine: {a: [{use: toy.add}, {use: toy.add, with: {by: 2}}]}" + Flows).Resolved;

        Assert.Equal(once, RunFiles.Plan(once).Resolved);
        Assert.Equal(2, once.Split("use: toy.add").Length - 1);
    }

    [Fact]
    public void An_error_in_a_definition_is_told_once() => Assert.Equal(
        "run.yaml:2:40: define.a[0].with.by: expected -100 to 100, found 900",
        RunFiles.Errors("run: {name: t}\ndefine: {a: [{use: toy.add, with: {by: 900}}]}" + Flows));

    [Theory]
    [InlineData("{a: [{steps: a}]}", "run.yaml:2:22: define.a[0].steps: definitions use each other in a circle: a > a")]
    [InlineData("{a: [{steps: b}], b: [{steps: a}]}", "run.yaml:2:39: define.b[0].steps: definitions use each other in a circle: a > b > a")]
    [InlineData("{a: [{steps: c}], b: []}", "run.yaml:2:22: define.a[0].steps: nothing is defined as 'c'; did you mean 'a'?")]
    [InlineData("{a: [{steps: b, with: {}}], b: []}", "run.yaml:2:25: define.a[0].with: unknown key")]
    [InlineData("{a: [{steps: [b]}], b: []}", "run.yaml:2:22: define.a[0].steps: expected text, found a list of 1")]
    [InlineData("{a: }", "run.yaml:2:13: define.a: expected a list, found nothing")]
    [InlineData("{a: {use: toy.add}}", "run.yaml:2:13: define.a: expected a list, found a map of 1 keys")]
    public void A_bad_definition_is_refused(string define, string error) =>
        Assert.Equal(error, RunFiles.Errors($"run: {{name: t}}\ndefine: {define}" + Flows));

    [Fact]
    public void Definitions_that_multiply_are_refused()
    {
        var chain = string.Concat(Enumerable.Range(0, 40)
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"  d{i}: [{string.Join(", ", Enumerable.Repeat($"{{steps: d{i + 1}}}", 100))}]\n")));

        var errors = RunFiles.Errors($"run: {{name: t}}\ndefine:\n  a: [{{steps: d0}}]\n{chain}  d40: [{{use: toy.add}}]" + Flows);

        Assert.Contains("expected at most 1000 steps", errors, StringComparison.Ordinal);
    }
}
