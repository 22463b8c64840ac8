using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;
using InMARS.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Cli;

public class StageReferenceTests
{
    private static readonly StandardStages[] Standard = [new StandardStages()];

    [Fact]
    public async Task Markdown_tells_every_entry_and_option()
    {
        var text = (await CliRun.OfAsync(["stages", "--markdown"], Standard)).Out;

        Assert.All(Entries(), entry =>
        {
            Assert.Contains($"### {entry.Name}\n\n{entry.Summary}\n", text, StringComparison.Ordinal);
            Assert.Contains(entry.Behaviour, text, StringComparison.Ordinal);
            Assert.All(entry.Options, o => Assert.Contains($"| `{o.Key}` |", text, StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task Table_has_a_line_for_every_entry()
    {
        var run = await CliRun.OfAsync(["stages"], Standard);

        Assert.Equal(0, run.Code);
        Assert.All(Entries(), entry => Assert.Contains(run.Out.Split('\n'), l => l.StartsWith($"  {entry.Name} ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_same_stages_give_the_same_text() => Assert.Equal(
        (await CliRun.OfAsync(["stages", "--markdown"], Standard)).Out,
        (await CliRun.OfAsync(["stages", "--markdown"], Standard)).Out);

    [Fact]
    public async Task An_entry_is_described_by_its_reader()
    {
        var text = (await CliRun.OfAsync(["stages", "--markdown"])).Out;

        Assert.Contains(
            """
            ### toy.refuse

            Refuses multiples.

            `Figure -> Figure`

            | option | expected | default | meaning |
            |---|---|---|---|
            | `multiples_of` | a whole number, 1 to 1000 | required | What is refused. |

            Emits the rest. Fails multiples.

            """,
            text,
            StringComparison.Ordinal);
    }

    private static IEnumerable<StageEntry> Entries() => Catalog.Of(Standard, new ConfigNode(null, "", ConfigFile.Empty)).Match(
        catalog => catalog.Entries, errors => throw new InvalidOperationException(errors[0].Message));
}
