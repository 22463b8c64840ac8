using InMARS.Cli;
using InMARS.Pipeline.Configuration;
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

    public static TheoryData<string> RunFiles =>
        ["config.yaml", .. Directory.GetFiles(Path.Combine(Repository.Root, "tools", "recipes"), "*.yaml").Select(f => Path.GetRelativePath(Repository.Root, f)).Where(f => !IsSweep(f))];

    [Theory]
    [MemberData(nameof(RunFiles))]
    public void The_run_files_that_come_along_are_valid(string file) =>
        Assert.Empty(RunFile.Parse(Repository.Text(file), file, [], [new StandardStages()]).ErrorsOrNone);

    private static bool IsSweep(string file) => Repository.Text(file).Contains("\nsweep:\n", StringComparison.Ordinal);

    [Fact]
    public void The_run_of_the_readme_is_valid()
    {
        var readme = Repository.Text("README.md");
        var start = readme.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;
        var yaml = readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];

        var plan = RunFile.Parse(yaml, "README.md", [], [new StandardStages()]);

        Assert.Empty(plan.ErrorsOrNone);
        Assert.StartsWith("run:", yaml, StringComparison.Ordinal);
    }
}
