using System.Formats.Tar;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Reports;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Reports;

public sealed class OutputShardTests : IDisposable
{
    private readonly FakeStageContext _context = new();

    [Fact]
    public void Commit_gives_the_shard_its_name_and_not_before()
    {
        using var shard = new OutputShard(Target);
        shard.Add("a.png", [1, 2, 3]);

        var before = File.Exists(Target);
        shard.Commit();

        Assert.False(before);
        Assert.Equal([Target], Directory.GetFiles(Path.GetDirectoryName(Target)!));
        using var tar = new TarReader(File.OpenRead(Target));
        var entry = tar.GetNextEntry()!;
        Assert.Equal(("a.png", 3L), (entry.Name, entry.Length));
    }

    [Fact]
    public void Dispose_leaves_nothing_of_a_shard_that_was_not_committed()
    {
        using (var shard = new OutputShard(Target))
        {
            shard.Add("a.png", [1, 2, 3]);
        }

        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    [Fact]
    public void Dispose_keeps_an_earlier_shard_of_the_same_name()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        File.WriteAllText(Target, "earlier");

        new OutputShard(Target).Dispose();

        Assert.Equal("earlier", File.ReadAllText(Target));
    }

    [Fact]
    public void Add_keeps_long_and_foreign_names()
    {
        var name = new string('ä', 150) + ".png";
        using (var shard = new OutputShard(Target))
        {
            shard.Add(name, [1]);
            shard.Commit();
        }

        using var tar = new TarReader(File.OpenRead(Target));
        Assert.Equal(name, tar.GetNextEntry()!.Name);
    }

    [Fact]
    public void A_full_disk_is_told_with_the_name_of_the_shard()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        File.CreateSymbolicLink(Path.Combine(Path.GetDirectoryName(Target)!, ".x.tar.part"), "/dev/full");

        using var shard = new OutputShard(Target);
        var e = Assert.Throws<RunException>(() =>
        {
            shard.Add("a.png", new byte[1 << 20]);
            shard.Commit();
        });

        Assert.Contains("x.tar': No space left on device", e.Message);
    }

    public void Dispose() => _context.Dispose();

    private string Target => _context.PathInRun("out", "x.tar");
}
