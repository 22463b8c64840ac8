using System.Formats.Tar;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Shards;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Shards;

public sealed class ShardWriterTests : IDisposable
{
    private readonly FakeStageContext _context = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task What_is_written_reads_back()
    {
        var longKey = $"{new string('d', 90)}/{new string('k', 90)}";
        var path = Write("s.tar", "0001", "süß/0002", longKey);

        var items = await _context.ReadShardAsync(path);

        Assert.Equal(["0001", "süß/0002", longKey], items.Select(i => i.Told()));
        Assert.All(items, item =>
        {
            Assert.Equal(Tars.Body($"{item.Origin.Key}.jpg"), item.Value().Image.ToArray());
            Assert.Equal(Tars.Body($"{item.Origin.Key}.png"), item.Value().Label?.ToArray());
        });
    }

    [Fact]
    public void The_same_samples_give_the_same_bytes()
    {
        var keys = new[] { "a", new string('k', 150) };

        Assert.Equal(File.ReadAllBytes(Write("1.tar", keys)), File.ReadAllBytes(Write("2.tar", keys)));
    }

    [Fact]
    public void Entries_bear_no_trace_of_the_writer()
    {
        using var tar = new TarReader(File.OpenRead(Write("s.tar", "a")));

        var entry = tar.GetNextEntry()!;

        Assert.Equal((0, 0, DateTimeOffset.UnixEpoch, 420), (entry.Uid, entry.Gid, entry.ModificationTime, (int)entry.Mode));
    }

    [Fact]
    public void A_shard_appears_when_it_is_committed_and_not_before()
    {
        var path = _context.PathInRun("out", "s.tar");
        using var writer = ShardWriter.Create(path);
        writer.Write("a", new ShardPart("jpg", [1]));
        Assert.False(File.Exists(path));
        Assert.True(File.Exists(_context.PathInRun("out", ".s.tar.part")));

        writer.Commit();

        Assert.Equal([path], Directory.GetFiles(_context.PathInRun("out")));
    }

    [Fact]
    public void An_abandoned_shard_leaves_what_was_there()
    {
        var path = Write("s.tar", "old");
        var before = File.ReadAllBytes(path);

        using (var writer = ShardWriter.Create(path))
        {
            writer.Write("new", new ShardPart("jpg", [1]));
        }

        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_context.Run.Directory));
    }

    [Fact]
    public async Task A_shard_without_samples_is_a_tar_too()
    {
        Assert.Empty(await _context.ReadShardAsync(Write("s.tar")));
    }

    [Fact]
    public void Keys_that_would_read_back_otherwise_are_refused()
    {
        using var writer = ShardWriter.Create(_context.PathInRun("s.tar"));
        writer.Write("a", new ShardPart("jpg", [1]));

        var faults = new[] { "a", "a.b", "../a", "/a", "./b", "__m__/a", "" }.Select(key => writer.Write(key, new ShardPart("jpg", [1]))!);

        Assert.Equal(
            [
                "shard.duplicate_key: key 'a' was written to this shard already; expected each key once",
                "shard.unsafe_name: key 'a.b' would read back as another one; expected no dot in its last part, and no '__meta__'",
                "shard.unsafe_name: key '../a' leaves its folder by '..'; expected a relative name",
                "shard.unsafe_name: key '/a' is absolute; expected a relative name",
                "shard.unsafe_name: key './b' would read back as another one; expected no dot in its last part, and no '__meta__'",
                "shard.unsafe_name: key '__m__/a' would read back as another one; expected no dot in its last part, and no '__meta__'",
                "shard.unsafe_name: key '' is empty; expected a relative name",
            ],
            faults.Select(f => $"{f.Code}: {f.Message}"));
        Assert.Equal(1, writer.Count);
    }

    [Fact]
    public void A_full_disk_stops_the_run_and_names_the_shard()
    {
        var path = _context.PathInRun("s.tar");
        using var writer = ShardWriter.Create(path, part => new FullDisk(part));

        var e = Assert.Throws<RunException>(() => writer.Write("a", new ShardPart("jpg", new byte[5000])));

        Assert.Equal($"cannot write '{path}': No space left on device", e.Message);
        writer.Dispose();
        Assert.Empty(Directory.GetFiles(_context.Run.Directory));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_stops_the_run()
    {
        var file = _context.Save("file", [1]);

        var e = Assert.Throws<RunException>(() => ShardWriter.Create(Path.Combine(file, "s.tar")));

        Assert.StartsWith($"cannot write '{file}/s.tar': ", e.Message);
    }

    private string Write(string name, params string[] keys)
    {
        var path = _context.PathInRun(name);
        using var writer = ShardWriter.Create(path);
        foreach (var key in keys)
        {
            Assert.Null(writer.Write(key, new ShardPart("jpg", Tars.Body($"{key}.jpg")), new ShardPart("label.png", Tars.Body($"{key}.png"))));
        }

        writer.Commit();
        return path;
    }

    /// <summary>Holds 1 KiB and no more.</summary>
    private sealed class FullDisk : MemoryStream
    {
        public FullDisk(string path) => File.WriteAllBytes(path, []);

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (Position + count > 1024)
            {
                throw new IOException("No space left on device");
            }

            base.Write(buffer, offset, count);
        }
    }
}
