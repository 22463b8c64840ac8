using System.Text.Json.Nodes;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Runs;

public sealed class RunnerTests : IDisposable
{
    private const string Pass = "      - use: toy.add";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_clean_run_leaves_its_books()
    {
        var outcome = await RunAsync(RunFiles.WithSteps(Pass));

        Assert.Equal((RunEnd.Clean, 0, null), (outcome.End, outcome.ExitCode, outcome.Error));
        Assert.Equal((10, 10, 0), (outcome.Flows[0].Read, outcome.Flows[0].Left, outcome.Flows[0].Rejected));
        Assert.Equal(["flow.started", "flow.ended", "checkpoint", "run.ended"], Lines("events.jsonl").Select(l => (string?)l["kind"]));
        Assert.Equal("Clean", (string?)JsonNode.Parse(Text("metrics.json"))!["end"]);
        Assert.Contains("Everything was processed.", Text("summary.md"), StringComparison.Ordinal);
        Assert.Empty(Text("rejects.jsonl"));
    }

    [Fact]
    public async Task The_resolved_file_in_the_run_directory_is_the_plan_that_ran()
    {
        await RunAsync(RunFiles.WithSteps(Pass));

        var resolved = Text("config.resolved.yaml");
        Assert.Equal(resolved, RunFiles.Plan(resolved).Resolved);
    }

    [Fact]
    public async Task The_manifest_holds_the_facts_of_the_program()
    {
        await RunAsync(RunFiles.WithSteps(Pass), facts: new JsonObject { ["inmars"] = "0.1.0" });

        var manifest = JsonNode.Parse(Text("manifest.json"))!;
        Assert.Equal(("0.1.0", 1L, 64), ((string?)manifest["inmars"], (long)manifest["seed"]!, ((string)manifest["config_sha256"]!).Length));
    }

    [Fact]
    public async Task Rejects_are_written_with_everything_that_finds_them()
    {
        var outcome = await RunAsync(RunFiles.WithSteps("      - {use: toy.refuse, with: {multiples_of: 4}}"));

        Assert.Equal((RunEnd.WithRejects, 3, 3L), (outcome.End, outcome.ExitCode, outcome.Rejected));
        Assert.Equal(
            """{"shard":"toys","key":"004","flow":"main","stage":"toy.refuse","epoch":0,"index":4,"code":"toy.multiple","message":"expected no multiple of 4, found 4","attempt":1}""",
            Text("rejects.jsonl").Split('\n')[1]);
    }

    [Fact]
    public async Task Options_that_do_not_go_with_the_input_end_it_as_wrong_ones_do()
    {
        var outcome = await RunAsync(RunFiles.WithSteps("      - {use: toy.break, with: {how: options}}"));

        Assert.Equal((RunEnd.WrongOptions, 2, "flow 'main': toy.break needs smaller numbers"), (outcome.End, outcome.ExitCode, outcome.Error));
    }

    [Fact]
    public async Task More_rejects_than_the_policy_bears_stop_the_run()
    {
        var outcome = await RunAsync(RunFiles.WithSteps("      - {use: toy.refuse, with: {multiples_of: 1}}"), "run.rejects.max=4");

        Assert.Equal((RunEnd.RejectLimit, 4), (outcome.End, outcome.ExitCode));
        Assert.StartsWith("flow 'main': 5 items were rejected, and rejects.max is 4; the last was toys:004", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    public async Task A_larger_share_of_rejects_than_the_policy_bears_stops_the_run(int items)
    {
        var outcome = await RunAsync(
            RunFiles.WithSteps("      - {use: toy.refuse, with: {multiples_of: 2}}"), "run.rejects.max_share=0.2", $"flows.main.source.with={{to: {items}}}");

        Assert.Equal((RunEnd.RejectLimit, 4), (outcome.End, outcome.ExitCode));
        Assert.Contains("and rejects.max_share is 0.2; ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_bears_everything_ends_though_every_item_is_rejected()
    {
        var outcome = await RunAsync(RunFiles.WithSteps("      - {use: toy.refuse, with: {multiples_of: 1}}"), "flows.main.source.with={to: 500}");

        Assert.Equal((RunEnd.WithRejects, 500L), (outcome.End, outcome.Rejected));
    }

    [Fact]
    public async Task The_first_reject_stops_the_run_if_the_policy_says_so()
    {
        var outcome = await RunAsync(RunFiles.WithSteps("      - {use: toy.refuse, with: {multiples_of: 4}}"), "run.rejects.on_fault=stop");

        Assert.Equal((RunEnd.RejectLimit, 1L), (outcome.End, outcome.Rejected));
        Assert.Contains("toys:000: toy.refuse refused it (toy.multiple: expected no multiple of 4, found 0)", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bug_is_one_sentence_to_the_user_and_a_stack_in_the_log()
    {
        var outcome = await RunAsync(RunFiles.WithSteps("      - use: toy.break"));

        Assert.Equal((RunEnd.Bug, 1), (outcome.End, outcome.ExitCode));
        Assert.Equal($"flow 'main': unexpected InvalidOperationException: a bug (its stack is in {_folder["toys", "events.jsonl"]})", outcome.Error);
        var failure = Lines("events.jsonl").Single(l => (string?)l["kind"] == "failure");
        Assert.Contains("ToyStages.cs", (string?)failure["data"]!["stack"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_outside_the_program_is_told_in_its_own_words()
    {
        var outcome = await RunAsync(RunFiles.WithSteps("      - {use: toy.break, with: {how: disk}}"));

        Assert.Equal((RunEnd.Failed, 1, "flow 'main': the disk '[/mnt]' is full"), (outcome.End, outcome.ExitCode, outcome.Error));
    }

    [Fact]
    public async Task What_failed_first_is_told_though_the_disk_takes_no_last_words()
    {
        var blocking = new WhenStarted(() => Directory.CreateDirectory(_folder["toys", "metrics.json"]));

        var outcome = await Runner.RunAsync(
            Plan(RunFiles.WithSteps("      - {use: toy.break, with: {how: disk}}")), new RunOptions(false, TimeProvider.System, blocking), [], TestContext.Current.CancellationToken);

        Assert.Equal((RunEnd.Failed, "flow 'main': the disk '[/mnt]' is full"), (outcome.End, outcome.Error));
        Assert.Contains("the disk '[/mnt]' is full", Text("summary.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_flow_runs_after_one_that_failed()
    {
        var text = RunFiles.WithSteps("      - {use: toy.break}") + "\n  - {name: next, source: {use: toy.count}, sinks: [{use: toy.collect}]}";

        var outcome = await RunAsync(text);

        Assert.Equal(("main", true), Assert.Single(outcome.Flows.Select(f => (f.Flow, f.Unfinished))));
        Assert.Contains("Did not reach its end", Text("summary.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flow_that_ended_before_a_failure_keeps_its_books()
    {
        var text = RunFiles.WithSteps(Pass) + "\n  - {name: next, source: {use: toy.count}, steps: [{use: toy.break}], sinks: [{use: toy.collect}]}";

        var outcome = await RunAsync(text);

        Assert.Equal([("main", false), ("next", true)], outcome.Flows.Select(f => (f.Flow, f.Unfinished)));
        Assert.Contains("## Flow main\n", Text("summary.md"), StringComparison.Ordinal);
        Assert.Contains("## Flow next, not finished\n", Text("summary.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_ends_an_endless_run()
    {
        using var interrupt = new CancellationTokenSource();
        var plan = Plan(RunFiles.WithSteps(Pass), "flows.main.source.use=toy.endless");

        var run = Runner.RunAsync(plan, new RunOptions(false, TimeProvider.System, new WhenStarted(interrupt.Cancel)), [], interrupt.Token);
        var outcome = await run.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal((RunEnd.Interrupted, 75, "stopped in flow 'main'"), (outcome.End, outcome.ExitCode, outcome.Error));
        Assert.Equal("Interrupted", (string?)JsonNode.Parse(Text("metrics.json"))!["end"]);
    }

    [Fact]
    public async Task Equal_runs_give_equal_metrics()
    {
        var text = RunFiles.WithSteps("      - {use: toy.refuse, with: {multiples_of: 4}}").Replace("toy.collect", "toy.score", StringComparison.Ordinal);
        await RunAsync(text);
        var first = Text("metrics.json");

        await RunAsync(text, overwrite: true);

        Assert.Equal(first, Text("metrics.json"));
        Assert.Contains("\"accuracy\": 0.5", first, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_directory_that_is_not_empty_is_refused()
    {
        await RunAsync(RunFiles.WithSteps(Pass));

        var refusal = await Assert.ThrowsAsync<RunException>(() => RunAsync(RunFiles.WithSteps(Pass)));

        Assert.Equal($"the run directory '{_folder["toys"]}' is not empty; choose another run.name, pass --overwrite, or go on with the run in it: inmars resume {_folder["toys"]}", refusal.Message);
    }

    [Fact]
    public async Task Overwriting_leaves_nothing_of_the_run_before()
    {
        await RunAsync(RunFiles.WithSteps(Pass));
        File.WriteAllText(_folder["toys", "left over"], "");

        var outcome = await RunAsync(RunFiles.WithSteps(Pass), overwrite: true);

        Assert.Equal(RunEnd.Clean, outcome.End);
        Assert.False(File.Exists(_folder["toys", "left over"]));
    }

    [Fact]
    public async Task A_folder_that_holds_no_run_is_not_overwritten()
    {
        Directory.CreateDirectory(_folder["toys"]);
        File.WriteAllText(_folder["toys", "thesis.tex"], "");

        var refusal = await Assert.ThrowsAsync<RunException>(() => RunAsync(RunFiles.WithSteps(Pass), overwrite: true));

        Assert.Contains("holds no run (config.resolved.yaml is missing), so --overwrite leaves it alone", refusal.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["toys", "thesis.tex"]));
    }

    [Fact]
    public async Task A_file_in_the_place_of_the_run_directory_is_named()
    {
        File.WriteAllText(_folder["toys"], "");

        var refusal = await Assert.ThrowsAsync<RunException>(() => RunAsync(RunFiles.WithSteps(Pass)));

        Assert.StartsWith($"cannot make the run directory '{_folder["toys"]}'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_observer_hears_of_flows_warnings_and_results()
    {
        var heard = new Heard();
        var plan = Plan(RunFiles.WithSteps(Pass).Replace("toy.collect", "toy.score", StringComparison.Ordinal));

        await Runner.RunAsync(plan, new RunOptions(false, TimeProvider.System, heard), [], TestContext.Current.CancellationToken);

        Assert.Equal(["started main of 10", "warning Toys are [not] images.", "report accuracy", "ended main"], heard.Lines);
    }

    private InMARS.Pipeline.Configuration.RunPlan Plan(string text, params string[] overrides) => RunFiles.Plan(text, [$"run.output='{_folder.Path}'", .. overrides]);

    private Task<RunOutcome> RunAsync(string text, params string[] overrides) => RunAsync(text, false, null, overrides);

    private Task<RunOutcome> RunAsync(string text, bool overwrite = false, JsonObject? facts = null, params string[] overrides) => Runner
        .RunAsync(Plan(text, overrides), new RunOptions(overwrite, TimeProvider.System), facts ?? [], TestContext.Current.CancellationToken)
        .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    private string Text(string name) => File.ReadAllText(_folder["toys", name]);

    private IEnumerable<JsonNode> Lines(string name) => File.ReadLines(_folder["toys", name]).Select(l => JsonNode.Parse(l)!);
}
