using System.Reflection;
using InMARS.Pipeline.Stages;
using InMARS.Stages;

namespace InMARS.Tests.Architecture;

public class DependencyTests
{
    [Fact]
    public void Pipeline_depends_on_yaml_and_sqlite_only() =>
        Assert.Equal(["Microsoft.Data.Sqlite", "YamlDotNet"], Foreign(typeof(FlowOptions).Assembly));

    [Fact]
    public void Stages_depends_on_pipeline_and_never_on_tools() =>
        Assert.Empty(Foreign(typeof(StandardStages).Assembly).Except(["InMARS.Pipeline", "OpenCvSharp", "TorchSharp", "ZstdSharp", "YamlDotNet"]));

    [Fact]
    public void Tools_depend_on_stages() =>
        Assert.Contains("InMARS.Stages", Foreign(Assembly.Load("inmars")));

    [Fact]
    public void No_pipeline_type_speaks_of_images_or_tensors()
    {
        string[] words = ["Image", "Pixel", "Tensor", "Superpixel", "Cluster", "Mat"];

        var guilty = typeof(FlowOptions).Assembly.GetTypes()
            .SelectMany(t => t.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly).Select(m => m.Name).Append(t.Name))
            .Where(name => words.Any(w => System.Text.RegularExpressions.Regex.IsMatch(name, $"{w}s?(?![a-z])")));

        Assert.Empty(guilty);
    }

    private static IEnumerable<string> Foreign(Assembly assembly) => assembly.GetReferencedAssemblies()
        .Select(a => a.Name!)
        .Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && name != "netstandard")
        .Order(StringComparer.Ordinal);
}
