using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Shards;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Shards;

public sealed class ShardSetTests : IDisposable
{
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 1, 2, 3];
    private readonly FakeStageContext _context = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task Folders_become_shards_that_hold_the_same_samples()
    {
        Images("e", "d", "c.x", "b", "a");
        Labels("a", "c.x", "e", "y", "z");

        var summary = ShardSet.Write(Request(perShard: 2), null, TestContext.Current.CancellationToken);

        Assert.Equal(["shard-000000.tar", "shard-000001.tar", "shard-000002.tar"], summary.Shards.Select(s => Path.GetFileName(s)));
        Assert.Equal((5, 2), (summary.Samples, summary.WithoutLabel));
        Assert.Equal(["y.png", "z.png"], summary.LabelsWithoutImage);
        var items = await _context.ReadShardAsync(At("out"));
        Assert.Equal(["a", "b", "c_x", "d", "e"], items.Select(i => i.Told()));
        Assert.Equal([true, false, true, false, true], items.Select(i => i.Value().Label is not null));
        Assert.Equal(Tars.Body("c.x"), items[2].Value().Image.ToArray());
        Assert.Equal(summary.Bytes, items.Sum(i => (long)i.Value().Image.Length + (i.Value().Label?.Length ?? 0)));
    }

    [Fact]
    public void Progress_counts_the_samples()
    {
        Images("a", "b", "c");
        var told = new Told();

        ShardSet.Write(Request(perShard: 2, labels: false), told, TestContext.Current.CancellationToken);

        Assert.Equal([1, 2, 3], told.Values);
    }

    [Fact]
    public void An_occupied_folder_is_refused_unless_it_may_be_overwritten()
    {
        Images("a", "b", "c");
        ShardSet.Write(Request(perShard: 1, labels: false), null, TestContext.Current.CancellationToken);

        var e = Assert.Throws<RunException>(() => ShardSet.Write(Request(perShard: 2, labels: false), null, TestContext.Current.CancellationToken));
        ShardSet.Write(Request(perShard: 2, labels: false) with { Overwrite = true }, null, TestContext.Current.CancellationToken);

        Assert.Equal($"folder '{At("out")}' is not empty; name another one, or pass --overwrite", e.Message);
        Assert.Equal(["shard-000000.tar", "shard-000001.tar"], Directory.GetFiles(At("out")).Select(f => Path.GetFileName(f)).Order());
    }

    [Fact]
    public void What_cannot_be_packed_stops_the_run_and_leaves_no_half_shard()
    {
        Images("a");
        _context.Save("labels/a.bmp", [(byte)'B', (byte)'M']);

        var e = Assert.Throws<RunException>(() => ShardSet.Write(Request(perShard: 2), null, TestContext.Current.CancellationToken));

        Assert.Equal($"cannot pack '{At("labels/a.bmp")}': expected a PNG, since shards hold label maps as label.png", e.Message);
        Assert.Empty(Directory.GetFiles(At("out")));
    }

    [Fact]
    public async Task Camvid_goes_into_shards_and_back()
    {
        var data = Data("camvid");
        Assert.SkipUnless(data is not null, "shared/data/camvid is not here");

        var summary = ShardSet.Write(new ShardingRequest($"{data}/images", $"{data}/labels", At("out"), 200), null, TestContext.Current.CancellationToken);

        Assert.Equal((701, 0, 4), (summary.Samples, summary.WithoutLabel, summary.Shards.Count));
        var source = ShardSource.Of(new ShardReadOptions([At("out")], Shuffle: true));
        var items = await source.ReadAsync(_context, position: 600);
        Assert.Equal(101, items.Count);
        Assert.All(items.Take(10), item =>
        {
            Assert.Equal(File.ReadAllBytes($"{data}/images/{item.Origin.Key}.jpg"), item.Value().Image.ToArray());
            Assert.Equal(File.ReadAllBytes($"{data}/labels/{item.Origin.Key}.png"), item.Value().Label?.ToArray());
        });
    }

    private static string? Data(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", "data", name);
            if (Directory.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    private ShardingRequest Request(int perShard, bool labels = true) => new(At("images"), labels ? At("labels") : null, At("out"), perShard);

    private string At(string name) => Path.Combine(_context.Run.Directory, name);

    private void Images(params string[] keys) => Array.ForEach(keys, k => _context.Save($"images/{k}.jpg", Tars.Body(k)));

    private void Labels(params string[] keys) => Array.ForEach(keys, k => _context.Save($"labels/{k}.png", Png));

    private sealed class Told : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public void Report(long value) => Values.Add(value);
    }
}
