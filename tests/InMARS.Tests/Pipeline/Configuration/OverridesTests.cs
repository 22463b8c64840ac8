using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Configuration;

public class OverridesTests
{
    private const string Run =
        """
        run: {name: toys}
        define:
          prepare:
            - use: toy.add
              with: {by: 1}
        flows:
          - name: main
            epochs: 2
            source: {use: toy.count}
            steps:
              - steps: prepare
              - use: toy.add
              - use: toy.add
                with: {by: 3}
              - use: batch
                with: {size: 4}
            sinks:
              - use: toy.lists
          - name: main.other
            source: {use: toy.count}
            sinks:
              - use: toy.collect
        """;

    [Fact]
    public void A_flow_is_named_by_its_name() => Assert.Equal(3, RunFiles.Plan(Run, "flows.main.epochs=3").Flows[0].Epochs);

    [Fact]
    public void The_longest_name_that_fits_is_meant()
    {
        var plan = RunFiles.Plan(Run, "flows.main.other.epochs=5");

        Assert.Equal([2, 5], plan.Flows.Select(f => f.Epochs));
    }

    [Theory]
    [InlineData("flows[0].steps[2].with.by=7", "by: 7")]
    [InlineData("flows.main.steps[2].with.by=7", "by: 7")]
    [InlineData("flows.main.steps.batch.with.size=3", "size: 3")]
    [InlineData("flows.main.steps.batch.flow.capacity=64", "capacity: 64")]
    [InlineData("define.prepare[0].with.by=8", "by: 8")]
    [InlineData("define.prepare.toy.add.with.by=8", "by: 8")]
    [InlineData("run.rejects.max=3", "max: 3")]
    [InlineData("run.seed = 9", "seed: 9")]
    [InlineData("flows.main.steps[1]={use: toy.add, with: {by: 55}}", "by: 55")]
    [InlineData("run={name: toys, seed: 77}", "seed: 77")]
    public void A_value_lands_where_the_path_leads(string assignment, string resolved) =>
        Assert.Contains(resolved, RunFiles.Plan(Run, assignment).Resolved, StringComparison.Ordinal);

    [Fact]
    public void Later_ones_win() => Assert.Equal(4, RunFiles.Plan(Run, "run.seed=3", "run.seed=4").Settings.Seed);

    [Theory]
    [InlineData("flows.main.epochs=x", "--set flows.main.epochs=x: flows.main.epochs: expected a whole number, found 'x'")]
    [InlineData("flows.main.epochs=0", "--set flows.main.epochs=0: flows.main.epochs: expected 1 to 1000000, found 0")]
    [InlineData("flows.main.epochs=", "--set flows.main.epochs=: flows.main.epochs: expected a whole number, found nothing")]
    [InlineData("flows.main.epoch=3", "--set flows.main.epoch=3: flows.main.epoch: unknown key; did you mean 'epochs'?")]
    [InlineData("flow.main.epochs=3", "--set flow.main.epochs=3: flow: unknown key; did you mean 'flows'?")]
    [InlineData("flows.man.epochs=3", "--set flows.man.epochs=3: the list has no element 'man'; did you mean 'main'?")]
    [InlineData("flows[7].epochs=3", "--set flows[7].epochs=3: the list has no element [7]; it has 2, and the first is [0]")]
    [InlineData("flows[-1].epochs=3", "--set flows[-1].epochs=3: the list has no element [-1]; it has 2, and the first is [0]")]
    [InlineData("flows[x].epochs=3", "--set flows[x].epochs=3: the list has no element [x]; it has 2, and the first is [0]")]
    [InlineData("flows[0=3", "--set flows[0=3: the list has no element [0; it has 2, and the first is [0]")]
    [InlineData("flows.main.steps.toy.add.with.by=3", "--set flows.main.steps.toy.add.with.by=3: the list has 2 elements 'toy.add'; say which by its number: [1] or [2]")]
    [InlineData("flows.main.epochs.x=3", "--set flows.main.epochs.x=3: 'x' would stand below a plain value")]
    [InlineData("run.name={a: 1, a: 2}", "--set run.name={a: 1, a: 2}: a: this key stands here twice; first at line 1")]
    [InlineData("epochs", "--set epochs: expected path=value, such as flows.train.epochs=3")]
    [InlineData("=3", "--set =3: expected path=value, such as flows.train.epochs=3")]
    [InlineData("a..b=3", "--set a..b=3: expected path=value, such as flows.train.epochs=3")]
    [InlineData("run.seed=*x", "--set run.seed=*x: not valid YAML: nothing before this is anchored as '&x'")]
    public void What_is_wrong_is_said_with_the_assignment(string assignment, string error) =>
        Assert.Equal(error, RunFiles.Errors(Run, assignment));

    [Fact]
    public void A_wrong_value_below_a_new_map_is_placed_at_its_assignment() =>
        Assert.Equal(
            "--set flows.main.steps[1].with.by=900: flows.main.steps[1].with.by: expected -100 to 100, found 900",
            RunFiles.Errors(Run, "flows.main.steps[1].with.by=900"));

    [Fact]
    public void A_value_behind_an_alias_changes_there_only()
    {
        var plan = RunFiles.Plan(
            """
            run: {name: toys}
            flows:
              - name: one
                source: &source {use: toy.count, with: {to: 3}}
                sinks: [{use: toy.collect}]
              - name: two
                source: *source
                sinks: [{use: toy.collect}]
            """,
            "flows.two.source.with.to=9");

        Assert.Contains("to: 3", plan.Resolved, StringComparison.Ordinal);
        Assert.Contains("to: 9", plan.Resolved, StringComparison.Ordinal);
    }
}
