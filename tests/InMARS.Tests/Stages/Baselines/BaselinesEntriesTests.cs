using InMARS.Stages.Baselines;

namespace InMARS.Tests.Stages.Baselines;

public class BaselinesEntriesTests
{
    [Fact]
    public void Every_entry_describes_its_options() =>
        Assert.Equal(
            ["baseline.kmeans: clusters=, restarts=4, iterations=50, sample=200000, space=lab"],
            BaselinesEntries.All.Select(e => $"{e.Name}: {string.Join(", ", e.Options.Select(o => $"{o.Key}={o.Default}"))}"));
}
