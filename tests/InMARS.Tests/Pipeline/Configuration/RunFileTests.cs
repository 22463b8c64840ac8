using System.Globalization;
using CsCheck;
using InMARS.Pipeline.Configuration;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Configuration;

public class RunFileTests
{
    private const string Good =
        """
        run:
          name: toys
        flows:
          - name: main
            source: {use: toy.count, with: {to: 5}}
            steps:
              - use: toy.add
              - use: batch
                with: {size: 40}
            sinks:
              - use: toy.lists
        """;

    [Fact]
    public void A_good_file_gives_its_flows_and_settings()
    {
        var plan = RunFiles.Plan(Good);

        Assert.Equal(("toys", 1L, "runs"), (plan.Settings.Name, plan.Settings.Seed, plan.Settings.Output));
        Assert.Equal("main", Assert.Single(plan.Flows).Name);
    }

    [Fact]
    public void The_resolved_file_gives_itself_again()
    {
        var once = RunFiles.Plan(Good, "flows.main.epochs=3").Resolved;

        Assert.Equal(once, RunFiles.Plan(once).Resolved);
        Assert.Contains("epochs: 3", once, StringComparison.Ordinal);
        Assert.Contains("capacity: auto", once, StringComparison.Ordinal);
        Assert.Contains("max_share: 1", once, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("500", 500, 1)]
    [InlineData("none", -1, 1)]
    [InlineData("2%", -1, 0.02)]
    [InlineData("0.5%", -1, 0.005)]
    public void Rejects_are_limited_by_number_or_by_share(string most, long items, double share)
    {
        var plan = RunFiles.Plan(Good, $"run.rejects.max={most}");

        Assert.Equal((items, share), (plan.Settings.Rejects.Max, plan.Settings.Rejects.MaxShare));
        Assert.Contains($"max: {most}\n", plan.Resolved, StringComparison.Ordinal);
    }

    [Fact]
    public void The_smaller_of_two_shares_holds() =>
        Assert.Equal(0.02, RunFiles.Plan(Good, "run.rejects.max=2%", "run.rejects.max_share=0.1").Settings.Rejects.MaxShare);

    [Fact]
    public void A_share_of_rejects_is_no_more_than_all() =>
        Assert.EndsWith("run.rejects.max: expected 0% to 100%, found '120%'", RunFiles.Errors(Good, "run.rejects.max=120%"), StringComparison.Ordinal);

    [Fact]
    public void A_source_and_a_stage_may_try_again_but_no_sink()
    {
        const string Again = "flow.on_fault=retry 3";

        Assert.Empty(RunFiles.Errors(Good, $"flows.main.source.{Again}", $"flows.main.steps.toy.add.{Again}"));
        Assert.EndsWith(
            "a sink is not tried again, since the first try may have written; expected on_fault to be skip or stop",
            RunFiles.Errors(Good, $"flows.main.sinks.toy.lists.{Again}"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_stage_with_a_state_does_not_try_again() => Assert.EndsWith(
        "a stage with a state is not tried again, since the first try may have changed it; expected on_fault to be skip or stop",
        RunFiles.Errors(Good.Replace("toy.add", "toy.total", StringComparison.Ordinal), "flows.main.steps.toy.total.flow.on_fault=retry 3"),
        StringComparison.Ordinal);

    [Fact]
    public void All_errors_come_in_one_pass() => Assert.Equal(
        """
        run.yaml:3:3: seed: this key stands here twice; first at line 2
        run.yaml:4:3: run.nmae: unknown key; did you mean 'name'?
        run.yaml:10:15: flows.main.source.with.to: expected 0 to 1000000, found -1
        run.yaml:13:45: flows.main.steps[1].flow.parallelism: expected a whole number, found 'many'
        run.yaml:18:23: flows.main.steps[3].with.size: expected at most the capacity of the step, 4, found 8
        run.yaml:25:14: flows.other.sinks[0].use: no sink is called 'toy.colect'; did you mean 'toy.collect'?
        run.yaml:28:9: flows.third.steps[1]: 'toy.spell' gives Word, but 'toy.add' takes Figure
        """,
        RunFiles.Errors(
            """
            run: {name: toys,
              seed: 1,
              seed: 2,
              nmae: x}
            flows:
              - name: main
                source:
                  use: toy.count
                  with:
                    { to: -1 }
                steps:
                  - use: toy.add
                  - { use: toy.add, flow: {parallelism: many} }
                  - use: toy.add
                  - use: batch
                    flow:
                      capacity: 4
                    with: { size: 8 }
                sinks:
                  - use: toy.lists
              - name: other
                source:
                  use: toy.count
                sinks:
                  - use: toy.colect
              - {name: third, source: {use: toy.count}, sinks: [{use: toy.words}], steps: [
                   { use: toy.spell },
                    { use: toy.add }]}
            """));

    [Theory]
    [InlineData("", "run.yaml: expected a YAML document, found an empty one")]
    [InlineData("# nothing", "run.yaml: expected a YAML document, found an empty one")]
    [InlineData("- a", "run.yaml:1:1: expected a map with run and flows, found a list of 1")]
    [InlineData("text", "run.yaml:1:1: expected a map with run and flows, found 'text'")]
    [InlineData("a: 1\n---\nb: 2", "run.yaml: expected one YAML document, found 2")]
    [InlineData("a: *b", "run.yaml:1:4: not valid YAML: nothing before this is anchored as '&b'")]
    [InlineData("a: &b [*b]", "run.yaml:1:8: not valid YAML: nothing before this is anchored as '&b'")]
    [InlineData("run:\n\t- a", "run.yaml:1:1: not valid YAML:")]
    [InlineData("a: [1", "run.yaml:2:1: not valid YAML:")]
    [InlineData("a: 'b", "run.yaml:1:4: not valid YAML:")]
    [InlineData("a: b: c", "run.yaml:1:5: not valid YAML:")]
    [InlineData("- : b\n  c: d", "run.yaml:1:3: not valid YAML: this map has a key without a value")]
    [InlineData("a: b\n!![    c: d", "run.yaml:1:5: not valid YAML: cannot make sense of what follows")]
    [InlineData("a: {b:\nc: d", "run.yaml:1:6: not valid YAML: cannot make sense of what follows")]
    [InlineData("run: {}\0", "run.yaml: not a text file: it holds a zero byte")]
    public void What_is_no_run_file_is_refused_with_its_place(string text, string error) =>
        Assert.StartsWith(error, RunFiles.Errors(text), StringComparison.Ordinal);

    [Fact]
    public void Indentation_by_a_tab_is_named() =>
        Assert.EndsWith("(line 2 is indented by a tab; YAML takes spaces only)", RunFiles.Errors("run:\n\tname: x"), StringComparison.Ordinal);

    [Theory]
    [InlineData("? [a, b]\n: 1\n", "run.yaml:1:3: expected a name as key, found a list")]
    [InlineData("? {a: b}\n: 1\n", "run.yaml:1:3: expected a name as key, found a map")]
    public void A_key_that_is_no_name_is_an_error_with_a_place(string entry, string error) =>
        Assert.Equal(error, RunFiles.Errors(entry + Good));

    [Theory]
    [InlineData("run: 3", "run.yaml:1:6: run: expected a map, found '3'")]
    [InlineData("run: [a]", "run.yaml:1:6: run: expected a map, found a list of 1")]
    [InlineData("run:", "run.yaml:1:5: run.name: expected text, found nothing")]
    [InlineData("", "run.yaml:2:1: run.name: expected text, found nothing")]
    public void A_run_part_of_another_kind_is_refused(string run, string error) =>
        Assert.Equal(error, RunFiles.Errors(run + Good[Good.IndexOf("\nflows", StringComparison.Ordinal)..]));

    [Theory]
    [InlineData("flows:", "flows: expected a list, found nothing")]
    [InlineData("flows: []", "flows: expected at least one flow, found none")]
    [InlineData("flows: {}", "flows: expected a list, found a map of 0 keys")]
    [InlineData("flows: [x]", "flows[0]: expected a map, found 'x'")]
    [InlineData("flows: [~]", "flows[0].name: expected text, found nothing")]
    [InlineData("", "flows: expected list of a value, found nothing")]
    public void Flows_of_another_kind_are_refused(string flows, string error) =>
        Assert.Contains(error, RunFiles.Errors("run: {name: toys}\n" + flows), StringComparison.Ordinal);

    [Fact]
    public void Two_flows_of_one_name_are_refused() => Assert.Contains(
        "flows: two flows are called 'a'",
        RunFiles.Errors("run: {name: t}\nflows:\n" + string.Concat(Enumerable.Repeat("  - {name: a, source: {use: toy.count}, sinks: [{use: toy.collect}]}\n", 2))),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("      - toy.add", "run.yaml:6:9: flows.main.steps[0]: expected a map, found 'toy.add'")]
    [InlineData("      - use: toy.ad", "run.yaml:6:14: flows.main.steps[0].use: no stage is called 'toy.ad'; did you mean 'toy.add'?")]
    [InlineData("      - use: toy.count", "run.yaml:6:14: flows.main.steps[0].use: 'toy.count' is a source; expected a stage here")]
    [InlineData("      - use: [toy.add]", "run.yaml:6:14: flows.main.steps[0].use: expected text, found a list of 1")]
    [InlineData("      - {use: toy.add, wiht: {}}", "run.yaml:6:24: flows.main.steps[0].wiht: unknown key; did you mean 'with'?")]
    [InlineData("      - {use: toy.add, with: [1]}", "run.yaml:6:30: flows.main.steps[0].with: expected a map, found a list of 1")]
    [InlineData("      - {use: toy.refuse}", "run.yaml:6:9: flows.main.steps[0].with.multiples_of: expected a whole number, 1 to 1000, found nothing")]
    [InlineData("      - {use: toy.refuse, with: }", "run.yaml:6:33: flows.main.steps[0].with.multiples_of: expected a whole number, 1 to 1000, found nothing")]
    [InlineData("      - {use: toy.add, with: {by: 99999999999999999999}}", "run.yaml:6:35: flows.main.steps[0].with.by: expected a whole number, found '99999999999999999999'")]
    [InlineData("      - {use: toy.add, flow: {on_fault: retry 0}}", "run.yaml:6:41: flows.main.steps[0].flow.on_fault: expected retry and a whole number, 1 to 100, found 'retry 0'")]
    [InlineData("      - {use: toy.add, flow: {on_fault: again}}", "run.yaml:6:41: flows.main.steps[0].flow.on_fault: expected inherit or skip or stop or fail, found 'again'")]
    [InlineData("      - {use: toy.add, flow: {capacity: 0}}", "run.yaml:6:41: flows.main.steps[0].flow.capacity: expected 1 to 65536, found 0")]
    [InlineData("      - {}", "run.yaml:6:9: flows.main.steps[0].use: expected text, found nothing")]
    [InlineData("      -", "run.yaml:6:8: flows.main.steps[0].use: expected text, found nothing")]
    [InlineData("      - steps: nothing", "run.yaml:6:16: flows.main.steps[0].steps: nothing is defined as 'nothing'")]
    public void A_bad_step_is_refused_with_its_place(string step, string error) => Assert.Equal(error, RunFiles.Errors(RunFiles.WithSteps(step)));

    [Fact]
    public void A_byte_order_mark_and_foreign_line_ends_are_read() =>
        Assert.Equal(RunFiles.Plan(Good).Resolved, RunFiles.Plan("\uFEFF" + Good.ReplaceLineEndings("\r\n")).Resolved);

    [Fact]
    public void Lists_deeper_than_any_run_file_are_refused() =>
        Assert.Contains("nested deeper than 64 levels", RunFiles.Errors(new string('[', 100_000)), StringComparison.Ordinal);

    [Fact]
    public void Aliases_that_grow_without_bound_are_refused()
    {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 30)
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n")));

        Assert.Contains("larger than any run file", RunFiles.Errors(bomb), StringComparison.Ordinal);
    }

    [Fact]
    public void An_alias_brings_no_defaults_of_another_stage() => Assert.Empty(RunFiles.Errors(RunFiles.WithSteps(
        """
              - {use: toy.add, with: &none {}}
              - {use: batch, with: *none}
        """).Replace("toy.collect", "toy.lists", StringComparison.Ordinal)));

    [Fact]
    public void Random_damage_gives_errors_or_a_plan_but_no_exception()
    {
        const string marks = "{}[]:,-&*!|>'\"%@`#?~ \t\n\\x0\uFEFF\u0085\u2028";
        var damage = Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Int[0, 4], Gen.String[Gen.Char[marks], 0, 4]).Array[1, 4];

        damage.Sample(
            changes =>
            {
                var text = changes.Aggregate(Good, (t, c) => t[..Math.Min(c.Item1, t.Length)] + c.Item3 + t[Math.Min(c.Item1 + c.Item2, t.Length)..]);
                return RunFiles.Parse(text) is not null;
            },
            iter: 2000);
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error() =>
        Assert.Contains("cannot read the run file", Assert.Single(RunFile.Read("no-such.yaml", [], []).ErrorsOrNone).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    public void A_path_that_is_no_file_is_an_error(string path) =>
        Assert.Contains("cannot read the run file", Assert.Single(RunFile.Read(path, [], []).ErrorsOrNone).Message, StringComparison.Ordinal);
}
