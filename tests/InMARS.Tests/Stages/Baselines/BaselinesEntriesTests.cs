using InMARS.Stages.Baselines;

namespace InMARS.Tests.Stages.Baselines;

public class BaselinesEntriesTests
{
    [Fact]
    public void Every_entry_describes_its_options() =>
        Assert.Equal(
            [
                "baseline.kmeans: clusters=, restarts=4, iterations=50, sample=auto, features=colour, space=lab, "
                + "network.kind=inmars, network.bands=3, network.width=16, network.pools=2, network.depth=2, network.sobel=true, network.padding=reflect, network.height=off, network=",
                "baseline.random: clusters=",
            ],
            BaselinesEntries.All.Select(e => $"{e.Name}: {string.Join(", ", e.Options.Select(o => $"{o.Key}={o.Default}"))}"));
}
