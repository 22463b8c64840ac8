using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Sweeps;
using InMARS.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Sweeps;

public sealed class SweepFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SweepFileTests() => File.WriteAllText(_folder["toys.yaml"], RunFiles.WithSteps("      - use: toy.add"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Runs_come_by_task_then_variant_then_seed_each_with_its_own_values()
    {
        var plan = Plan(
            """
            sweep: {name: grid, seeds: [4, 5]}
            tasks:
              short: {base: toys.yaml, flows.main.source.with.to: 3}
              long: {base: toys.yaml, flows.main.source.with.to: 9}
            variants:
              plain: {}
              more: {flows.main.steps.toy.add.with.by: 7}
            """);

        Assert.Equal(Path.Combine("runs", "grid"), plan.Directory);
        Assert.Equal(
            ["short plain 4", "short plain 5", "short more 4", "short more 5", "long plain 4", "long plain 5", "long more 4", "long more 5"],
            plan.Runs.Select(r => $"{r.Task} {r.Variant} {r.Seed}"));
        Assert.Equal(Path.Combine("runs", "grid", "long", "more", "seed-005"), plan.Runs[^1].Directory);
        Assert.Contains("to: 9", plan.Runs[^1].Resolved, StringComparison.Ordinal);
        Assert.Contains("by: 7", plan.Runs[^1].Resolved, StringComparison.Ordinal);
        Assert.Contains("seed: 5", plan.Runs[^1].Resolved, StringComparison.Ordinal);
        Assert.Contains("by: 1", plan.Runs[^3].Resolved, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variant_may_swap_a_step_or_the_whole_run_file()
    {
        File.WriteAllText(_folder["other.yaml"], RunFiles.WithSteps("      - {use: toy.refuse, with: {multiples_of: 4}}"));

        var plan = Plan(
            """
            sweep: {name: grid, seeds: [1]}
            base: toys.yaml
            variants:
              step: {flows.main.steps.toy.add: {use: toy.refuse, with: {multiples_of: 3}}}
              file: {base: other.yaml, flows.main.source.with.to: 5}
            """);

        Assert.Equal(["toys", "toys"], plan.Runs.Select(r => r.Task));
        Assert.Contains("multiples_of: 3", plan.Runs[0].Resolved, StringComparison.Ordinal);
        Assert.Contains("multiples_of: 4", plan.Runs[1].Resolved, StringComparison.Ordinal);
        Assert.Contains("to: 5", plan.Runs[1].Resolved, StringComparison.Ordinal);
    }

    [Fact]
    public void The_resolved_file_of_a_run_is_that_run()
    {
        var run = Plan("sweep: {name: grid, seeds: [3]}\nbase: toys.yaml\n").Runs[0];

        Assert.Equal(run.Resolved, RunFiles.Plan(run.Resolved).Resolved);
    }

    [Fact]
    public void Every_error_is_told_with_its_place_in_the_sweep_file()
    {
        var errors = Errors(
            """
            sweep: {name: a b, seeds: [1, 1], sed: 3}
            base: toys.yaml
            tasks:
              one: {flows.man.epochs: 3, run.seed: 4}
              t/o: {base: nowhere.yaml}
            variants:
              many: {flows.main.epochs: many}
              list: [1]
              deep: {flows..epochs: 2, flows.main.steps.toy.add.with: {yb: 1}}
            """);

        Assert.Equal(
            [
                "sweep.yaml:1:15: sweep.name: expected letters, digits, '-', '_' and '.' only, found 'a b'",
                "sweep.yaml:1:27: sweep.seeds: seed 1 stands here 2 times",
                "sweep.yaml:1:35: sweep.sed: unknown key; did you mean 'seeds'?",
                "sweep.yaml:4:9: tasks.one.flows.man.epochs: the list has no element 'man'; did you mean 'main'?",
                "sweep.yaml:4:30: tasks.one.run.seed: the sweep itself sets this",
                "sweep.yaml:5:3: tasks.t/o: expected letters, digits, '-', '_' and '.' only, found 't/o'",
                "sweep.yaml:5:15: tasks.t/o.base: there is no run file 'nowhere.yaml'",
                "sweep.yaml:7:29: flows.main.epochs: expected a whole number, found 'many'",
                "sweep.yaml:8:9: variants.list: expected a map, found a list of 1",
                "sweep.yaml:9:10: variants.deep.flows..epochs: expected a path, such as flows.train.epochs",
                "sweep.yaml:9:60: flows.main.steps[0].with.yb: unknown key; did you mean 'by'?",
            ],
            errors.Order(StringComparer.Ordinal).OrderBy(e => int.Parse(e.Split(':')[1])).ThenBy(e => int.Parse(e.Split(':')[2])));
    }

    [Fact]
    public void An_error_of_a_run_file_says_which_run_has_it_unless_all_have()
    {
        File.WriteAllText(_folder["bad.yaml"], RunFiles.WithSteps("      - use: toy.ad"));

        Assert.Equal(
            ["bad.yaml:6:14: flows.main.steps[0].use: no stage is called 'toy.ad'; did you mean 'toy.add'?"],
            Errors("sweep: {name: a, seeds: [1, 2]}\nbase: bad.yaml"));
        Assert.Equal(
            ["bad.yaml:6:14: flows.main.steps[0].use: no stage is called 'toy.ad'; did you mean 'toy.add'? (two / default)"],
            Errors("sweep: {name: a, seeds: [1, 2]}\nbase: toys.yaml\ntasks: {one: {}, two: {base: bad.yaml}}"));
    }

    [Theory]
    [InlineData("sweep: {name: a, seeds: []}\nbase: toys.yaml", "sweep.yaml:1:25: sweep.seeds: expected at least one seed, found none")]
    [InlineData("sweep: {name: a, seeds: [-1]}\nbase: toys.yaml", "sweep.yaml:1:26: sweep.seeds[0]: expected 0 or more, found -1")]
    [InlineData("sweep: {name: a, seeds: [1]}", "sweep.yaml:1:1: base: expected a run file here, or in every task or every variant, found nothing")]
    [InlineData("sweep: {name: a, seeds: [1]}\nbase: [1]", "sweep.yaml:2:7: base: expected text, found a list of 1")]
    [InlineData("sweep: {name: a, seeds: [1]}\nbase: toys.yaml\nvariants: {}", "sweep.yaml:3:11: variants: expected at least one name, found none")]
    [InlineData("base: toys.yaml", "sweep.yaml:1:1: sweep.name: expected text, found nothing\nsweep.yaml:1:1: sweep.seeds: expected list of a whole number, 0 or more, found nothing")]
    [InlineData("[1]", "sweep.yaml:1:1: expected a map with sweep, base or tasks, and variants, found a list of 1")]
    public void A_broken_file_is_told(string text, string errors) => Assert.Equal(errors, string.Join('\n', Errors(text)));

    [Fact]
    public void A_file_that_is_not_there_is_told() =>
        Assert.StartsWith("nowhere.yaml: cannot read the sweep file: ", Assert.Single(SweepFile.Read("nowhere.yaml", [], []).ErrorsOrNone).ToString());

    [Fact]
    public void A_value_of_the_sweep_itself_can_be_set() => Assert.Equal([9], Plan("sweep: {name: a, seeds: [1, 2]}\nbase: toys.yaml", "sweep.seeds=[9]").Seeds);

    [Theory]
    [InlineData("results.yaml")]
    [InlineData("ablation.yaml")]
    public void The_sweep_files_of_the_repository_are_valid(string file) =>
        Assert.Empty(SweepFile.Read(Path.Combine(Repository.Root, "tools", "recipes", file), [], [new StandardStages()]).ErrorsOrNone);

    private SweepPlan Plan(string text, params string[] overrides) => Read(text, overrides).Match(
        plan => plan,
        errors => throw new InvalidOperationException(string.Join("; ", errors)));

    private List<string> Errors(string text) =>
        [.. Read(text).ErrorsOrNone.Select(e => e.ToString().Replace(_folder.Path + "/", "", StringComparison.Ordinal))];

    private Validated<SweepPlan> Read(string text, params string[] overrides)
    {
        File.WriteAllText(_folder["sweep.yaml"], text);
        return SweepFile.Read(_folder["sweep.yaml"], overrides, [new ToyStages()]);
    }
}
