using InMARS.Stages.Reports;

namespace InMARS.Tests.Stages.Reports;

public class ReportsEntriesTests
{
    [Fact]
    public void Every_entry_describes_its_options() =>
        Assert.Equal(
            [
                "write.labels: format=png, into=shards, palette=true, folder=predictions, open_shards=4, legend=",
                "write.overlay: folder=overlays, alpha=0.5, limit=32, boundaries=true, legend=",
                "write.metrics: file=training.jsonl",
                "write.superpixels: folder=superpixels",
            ],
            ReportsEntries.All.Select(e => $"{e.Name}: {string.Join(", ", e.Options.Select(o => $"{o.Key}={o.Default}"))}"));
}
