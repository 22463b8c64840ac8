using System.Formats.Tar;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Synthesis;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Synthesis;

public sealed class SyntheticShardsTests : IDisposable
{
    private static readonly SceneOptions Tiny = new(Width: 32, Height: 24);

    private readonly FakeStageContext _context = new();

    [Fact]
    public void Write_makes_shards_of_a_hundred_scenes_and_nothing_else()
    {
        Write("a", 130, seed: 3);

        Assert.Equal(["synthetic-000000.tar", "synthetic-000001.tar"], Directory.GetFiles(Folder("a")).Select(Path.GetFileName).Order());
        Assert.Equal(300, Names("a", "synthetic-000000.tar").Count);
        Assert.Equal(["000100.png", "000100.label.png", "000100.json"], Names("a", "synthetic-000001.tar").Take(3));
    }

    [Fact]
    public void Write_puts_as_many_scenes_into_a_shard_as_asked()
    {
        SyntheticShards.Write(Folder("a"), new SyntheticSet(5, 3, Tiny, PerShard: 2), stop: TestContext.Current.CancellationToken);

        Assert.Equal([6, 6, 3], Enumerable.Range(0, 3).Select(i => Names("a", $"synthetic-{i:D6}.tar").Count));
    }

    [Fact]
    public void Write_gives_the_same_bytes_for_the_same_seed()
    {
        Write("a", 4, seed: 3);
        Write("b", 4, seed: 3);
        Write("c", 4, seed: 4);

        Assert.Equal(Bytes("a"), Bytes("b"));
        Assert.NotEqual(Bytes("a"), Bytes("c"));
    }

    [Fact]
    public void Write_tells_how_far_it_is()
    {
        var told = new Told();

        Write("a", 3, seed: 3, told);

        Assert.Equal([1, 2, 3], told.Values);
    }

    [Fact]
    public void Write_names_the_shard_it_cannot_write()
    {
        File.WriteAllText(Folder("file"), "");

        var e = Assert.Throws<RunException>(() => Write("file", 1, seed: 3));

        Assert.StartsWith($"cannot write '{Path.Combine(Folder("file"), "synthetic-000000.tar")}': ", e.Message);
    }

    public void Dispose() => _context.Dispose();

    private void Write(string folder, long count, ulong seed, IProgress<long>? progress = null) =>
        SyntheticShards.Write(Folder(folder), new SyntheticSet(count, seed, Tiny), progress, TestContext.Current.CancellationToken);

    private string Folder(string name) => _context.PathInRun(name);

    private byte[] Bytes(string folder) => File.ReadAllBytes(Path.Combine(Folder(folder), "synthetic-000000.tar"));

    private List<string> Names(string folder, string shard)
    {
        using var tar = new TarReader(File.OpenRead(Path.Combine(Folder(folder), shard)));
        var names = new List<string>();
        while (tar.GetNextEntry() is { } entry)
        {
            names.Add(entry.Name);
        }

        return names;
    }

    private sealed class Told : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public void Report(long value) => Values.Add(value);
    }
}
