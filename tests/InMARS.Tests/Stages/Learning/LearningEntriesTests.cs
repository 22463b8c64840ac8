using InMARS.Pipeline.Modules;
using InMARS.Stages.Batching;
using InMARS.Stages.Learning;

namespace InMARS.Tests.Stages.Learning;

public class LearningEntriesTests
{
    [Fact]
    public void Each_entry_says_what_it_takes_and_gives()
    {
        StageEntry[] entries = [.. BatchingEntries.All, .. LearningEntries.All];

        Assert.Equal(
            [
                "collate: list of SuperpixelMap -> ImageBatch",
                "learn.inmars: ImageBatch -> TrainingReport",
                "segment: list of SuperpixelMap -> Prediction",
            ],
            entries.Select(e => $"{e.Name}: {e.Types}"));
    }

    [Fact]
    public void Only_the_number_of_clusters_must_be_given()
    {
        var required = LearningEntries.All.SelectMany(e => e.Options.Where(o => o.Default is null).Select(o => $"{e.Name}.{o.Key}"));

        Assert.Equal(["learn.inmars.clusters"], required);
    }
}
