using InMARS.Tests.Support;

namespace InMARS.Tests.Cli;

public sealed class ConfigErrorTests : IDisposable
{
    private const string Broken =
        """
        run:
          name: toys
          seed: 1
          seed: 2
        flows:
          - name: main
            epochs: many
            source:
              use: toy.count
              with: { ot: 5 }
            steps:
              - use: toy.add
                with: { by: 900 }
              - use: batch
                with: { size: 32 }
                flow: { capacity: 8 }
            sinks:
              - use: toy.lists
          - name: other
            source:
              use: toy.count
            steps:
              - use: toy.spell
              - use: toy.add
            sinks:
              - use: toy.collect
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("run")]
    [InlineData("validate")]
    [InlineData("graph")]
    public async Task All_errors_are_told_at_once_with_their_places(string command)
    {
        var file = _folder["config.yaml"];
        File.WriteAllText(file, Broken);

        var run = await CliRun.OfAsync([command, file]);

        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Equal(
            """
            config.yaml:4:3: seed: this key stands here twice; first at line 3
            config.yaml:7:13: flows.main.epochs: expected a whole number, found 'many'
            config.yaml:10:15: flows.main.source.with.ot: unknown key; did you mean 'to'?
            config.yaml:13:21: flows.main.steps[0].with.by: expected -100 to 100, found 900
            config.yaml:15:23: flows.main.steps[1].with.size: expected at most the capacity of the step, 8, found 32
            config.yaml:24:9: flows.other.steps[1]: 'toy.spell' gives Word, but 'toy.add' takes Figure
            6 errors

            """,
            run.Error.Replace(_folder.Path + "/", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_error_of_an_override_names_the_override()
    {
        var file = _folder["config.yaml"];
        File.WriteAllText(file, RunFiles.WithSteps("      - use: toy.add"));

        var run = await CliRun.OfAsync(["validate", file, "--set", "flows.main.epochs=-1", "--set", "flows.main.steps.toy.add.with.yb=3"]);

        Assert.Equal(2, run.Code);
        Assert.Equal(
            """
            --set flows.main.epochs=-1: flows.main.epochs: expected 1 to 1000000, found -1
            --set flows.main.steps.toy.add.with.yb=3: flows.main.steps[0].with.yb: unknown key; did you mean 'by'?
            2 errors

            """,
            run.Error);
    }

    [Fact]
    public async Task A_key_cannot_steer_the_terminal()
    {
        var file = _folder["config.yaml"];
        File.WriteAllText(file, "run: {name: t, \"a\\e[2J\\nb\": 1}\nflows: []");

        var run = await CliRun.OfAsync(["validate", file]);

        Assert.Equal(3, run.Error.TrimEnd('\n').Split('\n').Length);
        Assert.DoesNotContain('\u001b', run.Error);
    }

    [Fact]
    public async Task A_valid_file_is_told_to_be_so()
    {
        var file = _folder["config.yaml"];
        File.WriteAllText(file, RunFiles.WithSteps("      - use: toy.add"));

        Assert.Equal(new CliRun(0, "valid: 1 flow (main) into runs/toys\n", ""), await CliRun.OfAsync(["validate", file]));
    }

    [Fact]
    public async Task A_graph_is_one_diagram_with_the_bound_of_every_flow()
    {
        var file = _folder["config.yaml"];
        File.WriteAllText(file, RunFiles.WithSteps("      - use: toy.add") + "\n  - {name: next, source: {use: toy.count}, sinks: [{use: toy.collect}]}");

        var run = await CliRun.OfAsync(["graph", file, "--set", "run.memory_mb=64"]);

        Assert.Equal(0, run.Code);
        Assert.Equal(2, run.Out.Split("flowchart LR").Length);
        Assert.Equal(2, run.Out.Split('\n').Count(l => l.StartsWith("%% ", StringComparison.Ordinal) && l.EndsWith(" items alive, in at most 64 MiB", StringComparison.Ordinal)));
    }
}
