using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;

namespace InMARS.Tests.Pipeline.Runs;

public sealed class RunDirectoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("inmars-test-").FullName;

    [Theory]
    [InlineData("..", "outside")]
    [InlineData("predictions/../../outside")]
    [InlineData("/outside")]
    [InlineData("../run-of-another-name/x")]
    public void A_path_that_leads_out_is_refused(params string[] parts)
    {
        var run = RunDirectory.Make(Path.Combine(_folder, "run"));

        var e = Assert.Throws<RunException>(() => run.File(parts));

        Assert.Equal($"'{string.Join('/', parts)}' leads out of the run directory '{run.Path}'; a run writes nowhere else", e.Message);
        Assert.Equal(["run"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void A_path_within_has_its_folders()
    {
        var run = RunDirectory.Make(Path.Combine(_folder, "run"));

        var file = run.File("a", "b", "c.txt");

        Assert.True(Directory.Exists(Path.Combine(_folder, "run", "a", "b")));
        Assert.Equal(Path.Combine(_folder, "run", "a", "b", "c.txt"), file);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
