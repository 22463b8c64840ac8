using InMARS.Cli;
using InMARS.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Architecture;

public class DocumentationTests
{
    [Fact]
    public async Task The_reference_of_stages_is_what_the_program_writes()
    {
        var output = new StringWriter { NewLine = "\n" };

        var code = await Program.InvokeAsync(["stages", "--markdown"], new Shell(output, output, [new StandardStages()], _ => [], TimeProvider.System, TestContext.Current.CancellationToken));

        Assert.Equal(0, code);
        Assert.Equal(Repository.Text("docs", "stages.md"), output.ToString());
    }

    [Fact]
    public void The_sample_of_own_stage_is_the_compiled_file() =>
        Assert.Contains("```csharp\n" + Repository.Text("tests", "Acme.Stages", "AcmeStages.cs") + "```\n", Repository.Text("docs", "own-stage.md"), StringComparison.Ordinal);
}
