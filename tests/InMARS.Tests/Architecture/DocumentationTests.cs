using InMARS.Tests.Support;

namespace InMARS.Tests.Architecture;

public class DocumentationTests
{
    [Fact]
    public void The_sample_of_own_stage_is_the_compiled_file() =>
        Assert.Contains("```csharp\n" + Repository.Text("tests", "Acme.Stages", "AcmeStages.cs") + "```\n", Repository.Text("docs", "own-stage.md"), StringComparison.Ordinal);
}
