using System.Text.Json.Nodes;
using InMARS.Cli;
using InMARS.Cli.Execution;
using InMARS.Cli.Sweeps;
using InMARS.Tests.Support;

namespace InMARS.Tests.Cli;

/// <summary>Sweeps of toys, whose runs are made in this process.</summary>
public sealed class SweepCommandTests : IDisposable
{
    private const string Grid =
        """
        tasks:
          one: {base: toys.yaml}
          two: {base: toys.yaml, flows.main.source.with.to: 3}
        variants:
          good: {}
          bad: {flows.main.steps.toy.add: {use: toy.break, with: {how: disk}}}
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _made = [];

    public SweepCommandTests() => WriteBase("toy.score, with: {accuracy: 0.5}");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_finished_run_is_not_made_again()
    {
        var first = await SweepAsync("");
        var second = await SweepAsync("");

        Assert.Equal((0, 0), (first.Code, second.Code));
        Assert.Equal(["toys/default/seed-001", "toys/default/seed-002", "toys/default/seed-003"], _made);
        Assert.StartsWith("3 of 3 runs are finished already\n# grid\n", second.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_whose_configuration_has_changed_is_made_again()
    {
        await SweepAsync("");
        _made.Clear();
        WriteBase("toy.score, with: {accuracy: 0.75}");

        var run = await SweepAsync("", "--set", "sweep.seeds=[1, 2]");

        Assert.Equal(["toys/default/seed-001", "toys/default/seed-002"], _made);
        Assert.Matches(@"run 1 of 2: toys / default / seed 1, again, for its configuration has changed \(line \d+ of .*seed-001/config.resolved.yaml: '.*accuracy: 0.5[,}].*' is now '.*accuracy: 0.75[,}].*'\)", run.Out);
        Assert.Contains("0.7500 ± 0.0000", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_of_another_version_is_made_again_unless_any_will_do()
    {
        await SweepAsync("");
        _made.Clear();
        var manifest = _folder["grid", "toys", "default", "seed-002", "manifest.json"];
        var facts = JsonNode.Parse(File.ReadAllText(manifest))!;
        facts["inmars"] = "0.0.1";
        File.WriteAllText(manifest, facts.ToJsonString());

        await SweepAsync("", "--any-version");
        var run = await SweepAsync("");

        Assert.Equal(["toys/default/seed-002"], _made);
        Assert.Contains("run 2 of 3: toys / default / seed 2, again, for it was made by version 0.0.1 of the program", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("metrics.json", "{\"end\": \"Interr")]
    [InlineData("metrics.json", "{\"end\": \"Interrupted\", \"items\": {}, \"results\": {}}")]
    [InlineData("metrics.json", "{\"end\": \"Clean\", \"results\": []}")]
    [InlineData("manifest.json", "null")]
    [InlineData("events.jsonl", "")]
    public async Task A_run_that_did_not_reach_its_end_goes_on_and_is_made_anew_where_it_cannot(string file, string text)
    {
        await SweepAsync("");
        _made.Clear();
        File.WriteAllText(_folder["grid", "toys", "default", "seed-003", file], text);
        File.WriteAllText(_folder["grid", "toys", "default", "seed-003", "left-over"], "");

        var run = await SweepAsync("");

        Assert.Equal((0, "toys/default/seed-003"), (run.Code, Assert.Single(_made)));
        Assert.Equal(file != "manifest.json", File.Exists(_folder["grid", "toys", "default", "seed-003", "left-over"]));
    }

    [Fact]
    public async Task A_failing_run_does_not_stop_the_others()
    {
        var run = await SweepAsync(Grid, "--set", "sweep.seeds=[1]");

        Assert.Equal(1, run.Code);
        Assert.Equal(["one/good/seed-001", "one/bad/seed-001", "two/good/seed-001", "two/bad/seed-001"], _made);
        Assert.Equal(
            """
            inmars: one / bad / seed 1 failed: flow 'main': the disk '[/mnt]' is full (exit code 1); its log is grid/one/bad/seed-001.log
            inmars: two / bad / seed 1 failed: flow 'main': the disk '[/mnt]' is full (exit code 1); its log is grid/two/bad/seed-001.log

            """,
            Here(run.Error));
        Assert.Contains("## Not finished\n\n- one / bad / seed 1: flow 'main': the disk '[/mnt]' is full (exit code 1)\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("2 tasks x 2 variants x 1 seed: 2 of 4 runs finished.", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rejected_items_give_3_and_are_told()
    {
        var run = await SweepAsync("variants: {some: {flows.main.steps.toy.add: {use: toy.refuse, with: {multiples_of: 4}}}}");

        Assert.Equal(3, run.Code);
        Assert.Contains("## Rejected items\n\n- toys / some / seed 1: 3 items; see grid/toys/some/seed-001/rejects.jsonl\n", Here(run.Out), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_ends_the_sweep_after_the_run_at_work()
    {
        using var interrupt = new CancellationTokenSource();

        var run = await SweepAsync("variants: {slow: {flows.main.source.use: toy.endless}}", interrupt, () => interrupt.CancelAfter(200));

        Assert.Equal((75, "toys/slow/seed-001"), (run.Code, Assert.Single(_made)));
        Assert.Equal("stopping; press Ctrl-C once more to stop at once\n", run.Error);
        Assert.Contains("- toys / slow / seed 1: interrupted\n- toys / slow / seed 2: not run\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_jobs_make_every_run_once()
    {
        var run = await SweepAsync("", "--jobs", "3", "--set", "sweep.seeds=[1, 2, 3, 4, 5, 6]");

        Assert.Equal(0, run.Code);
        Assert.Equal(["001", "002", "003", "004", "005", "006"], _made.Select(m => m[^3..]).Order());
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_made()
    {
        await SweepAsync("", "--set", "sweep.seeds=[2]");
        _made.Clear();

        var run = await SweepAsync("", "--dry-run");

        Assert.Empty(_made);
        Assert.Equal("toys / default / seed 1: to be run\ntoys / default / seed 2: finished\ntoys / default / seed 3: to be run\n2 of 3 runs to be made, into grid\n", Here(run.Out));
    }

    [Fact]
    public async Task Two_sweeps_do_not_work_in_one_folder()
    {
        Directory.CreateDirectory(_folder["grid"]);
        using var other = new FileStream(_folder["grid", ".lock"], FileMode.Create, FileAccess.Write, FileShare.None);

        var run = await SweepAsync("");

        Assert.Equal(1, run.Code);
        Assert.StartsWith("inmars: cannot work in 'grid', where another sweep may be at work: ", Here(run.Error), StringComparison.Ordinal);
        Assert.Empty(_made);
    }

    [Fact]
    public async Task Repeats_of_a_run_file_lie_below_its_own_directory()
    {
        var first = await RunAsync("run", _folder["toys.yaml"], "--repeats", "2", "--set", "run.seed=7");
        var more = await RunAsync("run", _folder["toys.yaml"], "--set", "run.seed=7", "--set", "run.repeats=3");

        Assert.Equal((0, 0), (first.Code, more.Code));
        Assert.Equal(["seed-007", "seed-008", "seed-009"], _made.Select(m => m[^8..]));
        Assert.Equal(["seed-007", "seed-008", "seed-009"], Directory.GetDirectories(_folder["toys"]).Select(Path.GetFileName).Order());
        Assert.Contains("\n2 of 3 runs are finished already\n", "\n" + more.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repeats_leave_a_single_run_alone()
    {
        await RunAsync("run", _folder["toys.yaml"]);

        var run = await RunAsync("run", _folder["toys.yaml"], "--repeats", "2", "--overwrite");

        Assert.Equal((1, "inmars: a single run lies in 'toys'; choose another name, or remove it\n"), (run.Code, Here(run.Error)));
        Assert.Empty(_made);
    }

    [Theory]
    [InlineData("--repeats", "0", "inmars: --repeats: expected 1 or more, found 0\nsee 'inmars run --help'\n")]
    [InlineData("--set", "run.repeats=0", "--set run.repeats=0: run.repeats: expected 1 to 1000, found 0\n1 error\n")]
    public async Task Repeats_are_one_or_more(string option, string value, string error)
    {
        var run = await RunAsync("run", _folder["toys.yaml"], option, value);

        Assert.Equal((2, error), (run.Code, run.Error));
    }

    [Fact]
    public async Task The_json_holds_every_figure_of_every_run()
    {
        await SweepAsync("");

        var json = JsonNode.Parse(File.ReadAllText(_folder["grid", "table.json"]))!;
        Assert.Equal([1, 2, 3], json["runs"]!.AsArray().Select(r => (int)r!["seed"]!));
        Assert.All(json["runs"]!.AsArray(), r => Assert.Equal(0.25, (double)r!["results"]![0]!["figures"]!["miou"]!));
        Assert.Equal("[\"main accuracy\",\"main miou\",\"main images\",\"run seconds\"]", new JsonArray([.. json["table"]!.AsArray().Select(l => JsonValue.Create($"{l!["result"]} {l["figure"]}"))]).ToJsonString());
    }

    private Task<CliRun> SweepAsync(string text, params string[] args)
    {
        File.WriteAllText(_folder["grid.yaml"], $"sweep: {{name: grid, output: '{_folder.Path}', seeds: [1, 2, 3]}}\n{(text.StartsWith("tasks", StringComparison.Ordinal) ? "" : "base: toys.yaml\n")}{text}");
        return RunAsync(["sweep", _folder["grid.yaml"], .. args]);
    }

    private Task<CliRun> SweepAsync(string text, CancellationTokenSource interrupt, Action started)
    {
        File.WriteAllText(_folder["grid.yaml"], $"sweep: {{name: grid, output: '{_folder.Path}', seeds: [1, 2]}}\nbase: toys.yaml\n{text}");
        return RunAsync(["sweep", _folder["grid.yaml"]], started, interrupt.Token);
    }

    private Task<CliRun> RunAsync(params string[] args) => RunAsync(args, () => { }, TestContext.Current.CancellationToken);

    private async Task<CliRun> RunAsync(string[] args, Action started, CancellationToken interrupt)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var shell = Toys(output, error, interrupt) with { StartRun = Start };
        var code = await Program.InvokeAsync(args, shell).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return new CliRun(code, output.ToString(), error.ToString());

        async Task<RunExit> Start(string runFile, string? unfinished, string log, CancellationToken stop)
        {
            lock (_made)
            {
                _made.Add(Path.GetRelativePath(_folder["grid"], Path.ChangeExtension(runFile, null)));
            }

            started();
            var wrong = new StringWriter { NewLine = "\n" };
            var ended = await Program.InvokeAsync(unfinished is null ? ["run", runFile, "--overwrite", "--quiet"] : ["resume", unfinished, "--quiet"], Toys(TextWriter.Null, wrong, stop));
            return new RunExit(ended, wrong.ToString().TrimEnd('\n').Split('\n')[^1]);
        }
    }

    private static Shell Toys(TextWriter output, TextWriter error, CancellationToken interrupt) =>
        new(output, error, [new ToyStages()], _ => new JsonObject { ["inmars"] = RunFacts.Version }, TimeProvider.System, interrupt);

    private void WriteBase(string sink) => File.WriteAllText(
        _folder["toys.yaml"],
        RunFiles.WithSteps("      - use: toy.add").Replace("use: toy.collect", $"{{use: {sink}}}", StringComparison.Ordinal).Replace("{name: toys}", $"{{name: toys, output: '{_folder.Path}'}}", StringComparison.Ordinal));

    private string Here(string text) => text.Replace(_folder.Path + "/", "", StringComparison.Ordinal);
}
