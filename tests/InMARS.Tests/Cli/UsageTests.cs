namespace InMARS.Tests.Cli;

public class UsageTests
{
    [Theory]
    [InlineData("rnu", "inmars: 'rnu' is not expected here; did you mean 'run'?\nsee 'inmars --help'\n")]
    [InlineData("run", "inmars: Required argument 'FILE' missing for command: 'run'.\nsee 'inmars run --help'\n")]
    [InlineData("run a b", "inmars: 'b' is not expected here\nsee 'inmars run --help'\n")]
    [InlineData("run a --overwite", "inmars: '--overwite' is not expected here; did you mean '--overwrite'?\nsee 'inmars run --help'\n")]
    [InlineData("run a --set", "inmars: Required argument missing for option: '--set'.\nsee 'inmars run --help'\n")]
    [InlineData("synth --output x --count 0", "inmars: --count: expected 1 or more, found 0\nsee 'inmars synth --help'\n")]
    [InlineData("synth --output x --count many", "inmars: Cannot parse argument 'many' for option '--count': expected a whole number\nsee 'inmars synth --help'\n")]
    [InlineData("evaluate --predictions no-such --labels .", "inmars: --predictions: there is no file or folder 'no-such'\nsee 'inmars evaluate --help'\n")]
    [InlineData("evaluate --labels .", "inmars: expected either --predictions or --superpixels\nsee 'inmars evaluate --help'\n")]
    [InlineData("", "inmars: Required command was not provided.\nsee 'inmars --help'\n")]
    public async Task Wrong_usage_gives_2_and_says_what_is_wrong(string line, string error) =>
        Assert.Equal(new CliRun(2, "", error), await CliRun.OfAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public async Task A_missing_run_file_gives_2()
    {
        var run = await CliRun.OfAsync(["run", "no-such.yaml"]);

        Assert.Equal(2, run.Code);
        Assert.StartsWith("no-such.yaml: cannot read the run file: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("validate")]
    [InlineData("predict")]
    [InlineData("evaluate")]
    [InlineData("shard")]
    [InlineData("match")]
    [InlineData("status")]
    [InlineData("superpixels")]
    [InlineData("synth")]
    [InlineData("stages")]
    [InlineData("graph")]
    [InlineData("doctor")]
    [InlineData("bench")]
    public async Task Every_command_has_help_with_examples(string command)
    {
        var help = await CliRun.OfAsync([command, "--help"]);

        Assert.Equal((0, ""), (help.Code, help.Error));
        var examples = help.Out[help.Out.IndexOf("Examples:", StringComparison.Ordinal)..].Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
        Assert.NotEmpty(examples);
        Assert.All(examples, e => Assert.StartsWith($"  inmars {command}", e, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Version_is_that_of_the_program()
    {
        var run = await CliRun.OfAsync(["--version"]);

        Assert.Equal(0, run.Code);
        Assert.Matches(@"^inmars \d+\.\d+\.\d+", run.Out);
    }

    [Fact]
    public async Task An_at_sign_reads_no_file() =>
        Assert.StartsWith("@no-such: cannot read the run file", (await CliRun.OfAsync(["run", "@no-such"])).Error, StringComparison.Ordinal);
}
