using System.Formats.Tar;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Shards;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Shards;

public sealed class ShardSourceTests : IDisposable
{
    private readonly FakeStageContext _context = new();

    public static TheoryData<TarEntryFormat, string> FormatsAndPackings =>
        new(from format in new[] { TarEntryFormat.V7, TarEntryFormat.Ustar, TarEntryFormat.Pax, TarEntryFormat.Gnu }
            from packing in new[] { "tar", "tar.gz", "tgz", "tar.zst" }
            select (format, packing));

    public void Dispose() => _context.Dispose();

    [Theory]
    [MemberData(nameof(FormatsAndPackings))]
    public async Task Every_tar_format_reads_plain_and_packed(TarEntryFormat format, string packing)
    {
        var names = new[] { "0001.jpg", "0001.label.png", "0001.json", "sub/0002.PNG" };
        var shard = _context.Save($"s.{packing}", Packed(packing, Tars.Of(format, names.Select(n => (n, Tars.Body(n))))));

        var items = await _context.ReadShardAsync(shard);

        Assert.Equal([$"{shard}:0001", $"{shard}:sub/0002"], items.Select(i => i.Origin.ToString()));
        var first = items[0].Value();
        Assert.Equal(Tars.Body("0001.jpg"), first.Image.ToArray());
        Assert.Equal(Tars.Body("0001.label.png"), first.Label?.ToArray());
        Assert.Equal(Tars.Body("0001.json"), first.Json?.ToArray());
        Assert.Equal("0001.jpg", first.ImageName);
        Assert.Equal(Tars.Body("sub/0002.PNG"), items[1].Value().Image.ToArray());
        Assert.Equal(2, await ShardSource.Of(new ShardReadOptions([shard])).Count(_context, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("jpg png", "jpg", "png")]
    [InlineData("png", "png", null)]
    [InlineData("png label.png", "png", "label.png")]
    [InlineData("png seg.png", "png", "seg.png")]
    [InlineData("jpeg png mask.png", "jpeg", "mask.png")]
    [InlineData("cls.png tiff", "tiff", "cls.png")]
    [InlineData("webp txt json cls", "webp", null)]
    public async Task Extensions_say_what_the_files_of_a_sample_are(string extensions, string image, string? label)
    {
        var shard = _context.Save("s.tar", Tars.Of(extensions.Split(' ').Select(e => $"a.{e}")));

        var sample = (await _context.ReadShardAsync(shard)).Single().Value();

        Assert.Equal(Tars.Body($"a.{image}"), sample.Image.ToArray());
        Assert.Equal(label is null ? null : Tars.Body($"a.{label}"), sample.Label?.ToArray());
    }

    [Fact]
    public async Task Names_that_belong_to_no_sample_are_passed_over()
    {
        var shard = _context.Save("s.tar", Tars.Of(TarEntryFormat.Gnu,
        [
            new GnuTarEntry(TarEntryType.Directory, "./"),
            .. new[] { "__meta__/x.jpg", "__info__", "README", ".hidden.jpg", "./a.jpg", "a.", "a.txt", "./a.png", "dir.v1/b.jpg" }
                .Select(n => Tars.File(TarEntryFormat.Gnu, n, Tars.Body(n))),
        ]));

        var items = await _context.ReadShardAsync(shard);

        Assert.Equal(["a", "dir.v1/b"], items.Select(i => i.Told()));
        Assert.NotNull(items[0].Value().Label);
    }

    [Fact]
    public async Task Missing_shards_are_faults_and_the_next_one_goes_on()
    {
        _context.Save("s-0.tar", Tars.Of("a.jpg"));
        _context.Save("s-2.tar", Tars.Of("b.jpg"));
        var root = _context.Run.Directory;

        var items = await _context.ReadShardAsync($"{root}/s-{{0..2}}.tar");

        Assert.Equal(["a", "!shard.unreadable", "b"], items.Select(i => i.Told()));
        Assert.Equal($"there is no shard '{root}/s-1.tar'", items[1].Fault().Message);
    }

    [Fact]
    public async Task No_shard_at_all_stops_the_run()
    {
        var e = await Assert.ThrowsAsync<RunException>(() => _context.ReadShardAsync("nowhere/*.tar"));

        Assert.Equal("no shard matches 'nowhere/*.tar': there is no folder 'nowhere'", e.Message);
    }

    [Fact]
    public async Task Bytes_are_the_size_of_the_decoded_image_and_zero_for_faults()
    {
        var shard = _context.Save("s.tar", Tars.Of("a.jpg", "b.json"));

        var items = await _context.ReadShardAsync(shard);

        Assert.Equal([SampleSize.OfImage(Tars.Body("a.jpg")), 0], items.Select(i => i.Bytes));
    }

    [Fact]
    public async Task Reading_stops_when_the_run_does()
    {
        var shard = _context.Save("s.tar", Tars.Of("a.jpg", "b.jpg"));
        using var stop = new CancellationTokenSource();
        var items = ShardSource.Of(new ShardReadOptions([shard])).Read(_context, default, stop.Token).GetAsyncEnumerator(stop.Token);
        Assert.True(await items.MoveNextAsync());

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => items.MoveNextAsync().AsTask());
        await items.DisposeAsync();
    }

    private static byte[] Packed(string packing, byte[] tar) => packing switch
    {
        "tar" => tar,
        "tar.zst" => Tars.Zstd(tar),
        _ => Tars.Gzip(tar),
    };
}
