using System.Formats.Tar;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Shards;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Shards;

public sealed class OriginalTests : IDisposable
{
    private readonly FakeStageContext _context = new();

    public void Dispose() => _context.Dispose();

    [Theory]
    [InlineData("plain")]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task A_sample_is_read_again_out_of_any_shard(string packing)
    {
        var tar = Tars.Of("a.png", "a.label.png", "b.jpg", "b.json", "b.txt", "a.png", "/x.png");
        var path = _context.Save("s.tar", packing switch { "gzip" => Tars.Gzip(tar), "zstd" => Tars.Zstd(tar), _ => tar });

        var items = await _context.ReadShardAsync(path);

        Assert.Equal(
            ["a: a.png a.label.png", "b: b.jpg b.json", "/x.png!shard.unsafe_name: /x.png", "a!shard.duplicate_key: a.png"],
            items.Select(i => $"{i.Told()}: {Bodies(i.Original!)}"));
        Assert.Equal(4, items.Select(i => i.Original!.Place).Distinct().Count());
        Assert.Equal(packing == "plain" ? 512L : null, items[0].Original!.Offset);
    }

    [Fact]
    public async Task A_file_that_stands_twice_is_there_twice()
    {
        var items = await _context.ReadShardAsync(_context.Save("s.tar", Tars.Of("a.png", "a.png")));

        Assert.Equal(["png", "2.png"], Assert.Single(items).Original!.Read().Files.Select(f => f.Extension));
    }

    [Fact]
    public async Task A_link_and_a_file_that_is_too_large_are_told_and_not_read()
    {
        TarEntry link = new UstarTarEntry(TarEntryType.SymbolicLink, "a.png") { LinkName = "/etc/passwd" };
        var large = Tars.File(TarEntryFormat.Ustar, "b.png", new byte[(1 << 20) + 1]);
        var path = _context.Save("s.tar", Tars.Of(TarEntryFormat.Ustar, [link, large]));

        var items = await ShardSource.Of(new ShardReadOptions([path]) { Limits = new ShardLimits(MaxFileMb: 1) }).ReadAsync(_context);

        Assert.Equal(
            [
                "0 entry 'a.png' is a symbolic link; expected a regular file",
                "0 'b.png' declares 1048577 bytes; expected at most 1048576 (max_file_mb)",
            ],
            items.Select(i => i.Original!.Read()).Select(o => $"{o.Files.Count} {o.Note}"));
    }

    [Fact]
    public async Task A_shard_that_is_gone_meanwhile_is_told()
    {
        var path = _context.Save("s.tar", Tars.Of("a.png"));
        var items = await _context.ReadShardAsync(path);
        File.Delete(path);

        var original = Assert.Single(items).Original!.Read();

        Assert.Empty(original.Files);
        Assert.StartsWith($"cannot read shard '{path}'", original.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sample_of_a_folder_is_read_again_from_its_files()
    {
        _context.Save("images/a.jpg", [1]);
        _context.Save("images/b.png", []);
        _context.Save("labels/a.tif", [2]);

        var items = await FolderSource.Of(new FolderReadOptions(_context.PathInRun("images"), _context.PathInRun("labels"))).ReadAsync(_context);

        Assert.Equal(["jpg 01, label.tif 02", "png "], items.Select(i => Hex(i.Original!)));
    }

    [Fact]
    public async Task A_sample_of_a_list_is_read_again_from_its_files()
    {
        _context.Save("a.jpg", [1]);
        var list = _context.Save("list.csv", "image,label\na.jpg,gone.png\n,\n"u8.ToArray());

        var items = await ListSource.Of(new ListReadOptions(list)).ReadAsync(_context);

        Assert.Equal(["jpg 01", ""], items.Select(i => Hex(i.Original!)));
        Assert.Equal([$"there is no file '{_context.PathInRun("gone.png")}'", "no file is named"], items.Select(i => i.Original!.Read().Note));
    }

    /// <summary>The names that the bodies tell.</summary>
    private static string Bodies(Original original) =>
        string.Join(' ', original.Read().Files.Select(f => System.Text.Encoding.UTF8.GetString(f.Bytes).Split('|')[0]));

    private static string Hex(Original original) => string.Join(", ", original.Read().Files.Select(f => $"{f.Extension} {Convert.ToHexString(f.Bytes)}"));
}
