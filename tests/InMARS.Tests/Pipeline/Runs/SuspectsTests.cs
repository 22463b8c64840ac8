using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Pipeline.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Runs;

public sealed class SuspectsTests : IDisposable
{
    private static readonly Origin Item = new("a.tar", "7");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_item_is_refused_after_two_stalls_and_in_its_flow_only()
    {
        var directory = RunDirectory.Make(_folder.Path);
        new Suspects(directory).Note("train", Item);
        var once = new Suspects(directory).Refusal("train", Item);
        new Suspects(directory).Note("train", Item);
        var twice = new Suspects(directory);

        Assert.Null(once);
        Assert.Equal(new Fault("item.stalled", "the run came to a standstill at this item 2 times, so it is left out"), twice.Refusal("train", Item));
        Assert.Null(twice.Refusal("predict", Item));
        Assert.Null(twice.Refusal("train", Item with { Key = "8" }));
    }

    [Fact]
    public void A_damaged_file_is_told()
    {
        var directory = RunDirectory.Make(_folder.Path);
        File.WriteAllText(directory.File("resume", "suspects.json"), "{");

        Assert.StartsWith($"cannot read '{directory.File("resume", "suspects.json")}': ", Assert.Throws<RunException>(() => new Suspects(directory)).Message);
    }
}
