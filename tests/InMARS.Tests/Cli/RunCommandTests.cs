using InMARS.Tests.Support;

namespace InMARS.Tests.Cli;

public sealed class RunCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_clean_run_exits_with_0_and_tells_what_it_did()
    {
        var run = await RunAsync("      - use: toy.add");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("main: started, 10 images\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("main: Books, in = passed + rejected: toy.count 10 = 10 + 0, toy.add 10 = 10 + 0, toy.collect 10 = 10 + 0.", run.Out, StringComparison.Ordinal);
        Assert.Contains("main: Bottleneck: ", run.Out, StringComparison.Ordinal);
        Assert.EndsWith($"Run directory: {_folder["toys"]} (summary.md, metrics.json)\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_of_several_flows_stand_side_by_side()
    {
        var file = Save("      - use: toy.add");
        File.AppendAllText(file, "\n  - {name: baseline, source: {use: toy.count}, sinks: [{use: toy.score, with: {accuracy: 0.25}}]}");

        var run = await CliRun.OfAsync(["run", file, "--set", "flows.main.sinks=[{use: toy.score, with: {accuracy: 0.9}}]"]);

        var rows = run.Out.Split('\n').Where(l => l.StartsWith('│')).Select(l => l.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(["│results│accuracy│mIoU│images│", "│main│0.9000│0.4500│10│", "│baseline│0.2500│0.1250│10│"], rows.TakeLast(3));
        Assert.Contains("main: Protocol: made up.\n", run.Out, StringComparison.Ordinal);
        Assert.Contains($"main: Maps lie in {_folder["toys", "maps"]}.\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_warning_is_said_once_however_often_it_comes()
    {
        var run = await RunAsync("      - use: toy.add", "flows.main.sinks=[{use: toy.score}, {use: toy.score}]");

        Assert.Equal("warning: main: Toys are [not] images.\n", run.Error);
    }

    [Fact]
    public async Task Rejected_items_give_3()
    {
        var run = await RunAsync("      - {use: toy.refuse, with: {multiples_of: 4}}");

        Assert.Equal(3, run.Code);
        Assert.Contains($"Rejected: 3 items; why is in {_folder["toys", "rejects.jsonl"]}", run.Out.ReplaceLineEndings(""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_rejected_items_give_4()
    {
        var run = await RunAsync("      - {use: toy.refuse, with: {multiples_of: 1}}", "run.rejects.max=2");

        Assert.Equal(4, run.Code);
        Assert.StartsWith("inmars: flow 'main': 3 items were rejected, and rejects.max is 2", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bug", "inmars: flow 'main': unexpected InvalidOperationException: a bug (its stack is in ")]
    [InlineData("disk", "inmars: flow 'main': the disk '[/mnt]' is full")]
    [InlineData("bracket", "inmars: flow 'main': unexpected InvalidOperationException: unbalanced [bracket (its stack is in ")]
    public async Task A_failure_gives_1_and_one_sentence(string how, string sentence)
    {
        var run = await RunAsync($"      - {{use: toy.break, with: {{how: {how}}}}}");

        Assert.Equal(1, run.Code);
        Assert.StartsWith(sentence, Assert.Single(run.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_gives_75()
    {
        using var interrupt = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        var run = await CliRun.OfAsync(["run", Save("      - use: toy.add"), "--set", "flows.main.source.use=toy.endless"], interrupt: interrupt);

        Assert.Equal(75, run.Code);
        Assert.Equal("stopping; press Ctrl-C once more to stop at once\ninmars: stopped in flow 'main'\n", run.Error);
        Assert.EndsWith($"To go on from its last checkpoint: inmars resume {_folder["toys"]}\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_quiet_run_says_only_what_is_wrong()
    {
        var clean = await CliRun.OfAsync(["run", Save("      - use: toy.add"), "--quiet"]);
        var faulty = await CliRun.OfAsync(["run", Save("      - {use: toy.refuse, with: {multiples_of: 4}}"), "--quiet", "--overwrite"]);

        Assert.Equal(new CliRun(0, "", ""), clean);
        Assert.Equal(new CliRun(3, "", $"Rejected: 3 items; why is in {_folder["toys", "rejects.jsonl"]}, the items are in quarantine/\n"), faulty);
    }

    [Fact]
    public async Task A_run_directory_is_not_overwritten_unless_asked()
    {
        await RunAsync("      - use: toy.add");

        var refused = await RunAsync("      - use: toy.add");
        var allowed = await CliRun.OfAsync(["run", Save("      - use: toy.add"), "--overwrite"]);

        Assert.Equal((1, $"inmars: the run directory '{_folder["toys"]}' is not empty; choose another run.name, pass --overwrite, or go on with the run in it: inmars resume {_folder["toys"]}\n"), (refused.Code, refused.Error));
        Assert.Equal(0, allowed.Code);
    }

    [Fact]
    public async Task Overwriting_leaves_a_folder_alone_that_holds_no_run()
    {
        Directory.CreateDirectory(_folder["toys"]);
        File.WriteAllText(_folder["toys", "precious"], "");

        var run = await CliRun.OfAsync(["run", Save("      - use: toy.add"), "--overwrite"]);

        Assert.Equal(1, run.Code);
        Assert.Contains("holds no run", run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["toys", "precious"]));
    }

    [Fact]
    public async Task The_resolved_file_runs_again_unchanged()
    {
        await RunAsync("      - use: toy.add", "flows.main.steps.toy.add.with.by=5");
        var resolved = File.ReadAllText(_folder["toys", "config.resolved.yaml"]);
        File.WriteAllText(_folder["again.yaml"], resolved);

        var run = await CliRun.OfAsync(["run", _folder["again.yaml"], "--overwrite"]);

        Assert.Equal(0, run.Code);
        Assert.Equal(resolved, File.ReadAllText(_folder["toys", "config.resolved.yaml"]));
    }

    private Task<CliRun> RunAsync(string steps, params string[] overrides) =>
        CliRun.OfAsync(["run", Save(steps), .. overrides.SelectMany(o => new[] { "--set", o })]);

    private string Save(string steps)
    {
        var file = _folder["run.yaml"];
        File.WriteAllText(file, RunFiles.WithSteps(steps).Replace("{name: toys}", $"{{name: toys, output: '{_folder.Path}'}}", StringComparison.Ordinal));
        return file;
    }
}
