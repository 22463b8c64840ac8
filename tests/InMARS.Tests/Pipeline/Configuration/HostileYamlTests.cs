using System.Text;
using InMARS.Pipeline.Configuration;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Configuration;

/// <summary>Run files that were made to exhaust memory, time or stack.</summary>
public class HostileYamlTests
{
    private const string Head = "run: {name: t}\nflows:\n  - name: a\n    source: {use: toy.count}\n    sinks: [{use: toy.collect}]\n";

    private static readonly Dictionary<string, (string Text, string Error)> _bombs = new()
    {
        ["lists of aliases"] = ($"x0: &x0 [a]\n{Laughs("[{0},{0},{0},{0},{0},{0},{0},{0}]")}", "larger than any run file"),
        ["maps of aliases"] = ($"x0: &x0 {{a: 1}}\n{Laughs("{{a: {0}, b: {0}}}")}", "larger than any run file"),
        ["deep lists"] = (Times("[", 2_000_000), "nested deeper than 64 levels"),
        ["deep maps"] = (Times("{a: ", 500_000), "nested deeper than 64 levels"),
        ["deep blocks"] = (Times("- ", 1_000_000), "nested deeper than 64 levels"),
        ["deep keys"] = (Times("? ", 1_000_000), "nested deeper than 64 levels"),
        ["deep keys in braces"] = (Times("{? ", 500_000), "nested deeper than 64 levels"),
        ["deep indents"] = (string.Concat(Enumerable.Range(0, 2000).Select(i => new string(' ', i) + "a:\n")), "nested deeper than 64 levels"),
        ["brackets that close"] = (Times("]", 2_000_000), "did not find expected node content"),
        ["many values"] = ("x: [" + Times("a,", 1_900_000) + "]", "larger than any run file"),
        ["many documents"] = (Times("---\na\n", 100_000), "larger than any run file"),
        ["a giant text"] = ("x: " + Times("a", 4_000_000), "run.yaml:1:4: not valid YAML: a text of 4000000 characters; expected at most 65536"),
        ["a giant block of text"] = ("x: |\n" + Times("  a\n", 500_000), "a text of 1000000 characters; expected at most 65536"),
        ["a giant escaped text"] = ("x: \"" + Times("\\U0010FFFF", 300_000) + "\"", "a text of 600000 characters; expected at most 65536"),
        ["a giant key"] = ($"? {Times("k", 60_000)}\n: 1\n", "run.yaml:1:3: expected a name as key, found a text of 60000 characters"),
        ["a giant tag"] = ("x: " + Times("!", 1_000_000), "not valid YAML"),
        ["an unknown tag"] = ("x: !shell ls", "run.yaml:1:4: not valid YAML: unknown tag '!shell'"),
        ["a tag of another language"] = ("!!python/object/apply:os.system [ls]", "run.yaml:1:1: not valid YAML: unknown tag 'tag:yaml.org,2002:python/object/apply:os.system'"),
        ["an anchor that stands twice"] = ("a: &x [1]\nb: &x [2]\nc: *x\n", "'&x' is anchored twice"),
        ["a zero byte"] = (Head + "\0", "run.yaml: not a text file: it holds a zero byte"),
        ["a giant name"] = (Head.Replace("name: t", "name: " + Times("t", 5000), StringComparison.Ordinal), "run.yaml:1:13: run.name: expected at most 128 characters, found 5000"),
    };

    private static readonly Dictionary<string, string> _swarms = new()
    {
        ["unknown keys"] = Head + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"k{i}: 1\n")),
        ["one key over and over"] = Head + Times("k: 1\n", 20_000),
        ["bad definitions"] = $"{Head}define: {{{string.Join(", ", Enumerable.Range(0, 20_000).Select(i => $"k{i}: 1"))}}}",
    };

    public static TheoryData<string> Bombs => [.. _bombs.Keys];

    public static TheoryData<string> Swarms => [.. _swarms.Keys];

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_bomb_is_a_short_error(string name)
    {
        var (text, error) = _bombs[name];

        var errors = RunFiles.Errors(text);

        Assert.Contains(error, errors, StringComparison.Ordinal);
        Assert.InRange(errors.Length, error.Length, 1000);
    }

    [Theory]
    [MemberData(nameof(Swarms))]
    public void Of_very_many_errors_the_first_are_told(string name)
    {
        var errors = RunFiles.Errors(_swarms[name]).Split('\n');

        Assert.Equal(201, errors.Length);
        Assert.Matches("^run.yaml: [0-9]+ more errors$", errors[^1]);
    }

    [Fact]
    public void Tags_of_the_standard_schema_are_read() =>
        Assert.Empty(RunFiles.Errors(Head.Replace("name: t", "name: !!str t", StringComparison.Ordinal)));

    [Fact]
    public void An_override_does_not_reach_deeper_than_a_file() => Assert.Contains(
        "expected path=value", RunFiles.Errors(Head, string.Join('.', Enumerable.Repeat("a", 100_000)) + "=1"), StringComparison.Ordinal);

    [Theory]
    [InlineData("run: {name: t}\nn\u00e4me: \u00ff", "2:7: not UTF-8: byte ff is part of no character")]
    [InlineData("\u00c3", "1:1: not UTF-8: byte c3 is part of no character")]
    public void What_is_not_UTF_8_is_an_error_with_its_place(string latin, string error)
    {
        using var folder = new TemporaryFolder();
        var path = folder["run.yaml"];
        File.WriteAllBytes(path, [.. Encoding.Latin1.GetBytes(latin.Replace("\u00e4", "\u00c3\u00a4", StringComparison.Ordinal))]);

        Assert.Equal($"{path}:{error}", RunFile.Read(path, [], [new ToyStages()]).ErrorsOrNone.Single().ToString());
    }

    [Fact]
    public void UTF_16_with_its_mark_is_read()
    {
        using var folder = new TemporaryFolder();
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF8 })
        {
            File.WriteAllText(folder["run.yaml"], Head, encoding);
            Assert.Empty(RunFile.Read(folder["run.yaml"], [], [new ToyStages()]).ErrorsOrNone);
        }
    }

    [Fact]
    public void A_file_without_end_is_read_no_further_than_any_run_file_goes() => Assert.Equal(
        "/dev/zero: larger than any run file: 4194304 bytes at most", RunFile.Read("/dev/zero", [], []).ErrorsOrNone.Single().ToString());

    private static string Times(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string Laughs(string form) =>
        string.Concat(Enumerable.Range(1, 40).Select(i => $"x{i}: &x{i} {string.Format(null, form, $"*x{i - 1}")}\n"));
}
