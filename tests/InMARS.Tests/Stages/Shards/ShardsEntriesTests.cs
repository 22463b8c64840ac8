using InMARS.Stages.Shards;

namespace InMARS.Tests.Stages.Shards;

public class ShardsEntriesTests
{
    [Fact]
    public void Every_source_tells_its_options_and_their_defaults()
    {
        var told = ShardsEntries.All.Select(e => $"{e.Name}: {string.Join(' ', e.Options.Select(o => o.Default is null ? o.Key : $"{o.Key}={o.Default}"))}");

        Assert.Equal(
            [
                "shard.read: path shuffle=false buffer=256 limit=0 max_file_mb=512 max_entries=1000000 max_ratio=100",
                "folder.read: images labels= shuffle=false recursive=false max_file_mb=512",
                "list.read: path shuffle=false max_file_mb=512",
                "pairs.read: predictions= labels partial=false max_file_mb=512 max_entries=1000000 max_ratio=100",
            ],
            told);
    }
}
