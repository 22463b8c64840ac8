using System.Formats.Tar;
using System.Text;
using CsCheck;
using InMARS.Stages.Shards;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Shards;

public sealed class ShardFaultTests : IDisposable
{
    private static readonly string[] Names = ["a.jpg", "a.png", "b.jpg", "b.png", "c.jpg", "c.png"];
    private readonly FakeStageContext _context = new();

    public void Dispose() => _context.Dispose();

    [Theory]
    [InlineData(TarEntryFormat.Ustar, "tar")]
    [InlineData(TarEntryFormat.Pax, "tar")]
    [InlineData(TarEntryFormat.Gnu, "tar.gz")]
    [InlineData(TarEntryFormat.V7, "tar.zst")]
    public async Task A_tar_cut_anywhere_keeps_the_samples_before_the_cut(TarEntryFormat format, string packing)
    {
        var tar = Tars.Of(format, Names.Select(n => (n, Tars.Body(n))));
        for (var cut = 0; cut <= tar.Length; cut += 128)
        {
            var shard = _context.Save($"s.{packing}", Packed(packing, tar[..cut]));

            var told = (await _context.ReadShardAsync(shard, _context.Save("next.tar", Tars.Of("z.jpg")))).Select(i => i.Told()).ToList();

            Assert.Equal("z", told[^1]);
            var whole = Names.Where(n => n.EndsWith("png", StringComparison.Ordinal)).Count(n => EndOf(tar, n) <= cut);
            Assert.Equal(new[] { "a", "b", "c" }.Take(whole), told.Take(whole));
            Assert.Equal(cut < (EndOf(tar, "c.png") + 511) / 512 * 512 + 512, told.Any(t => t.EndsWith("!shard.truncated", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData(0, "shard is empty; expected a tar file, found 0 bytes")]
    [InlineData(700, "shard ends within 'a.jpg'; expected 360 bytes of it, found 188")]
    [InlineData(1024, "shard ends behind 'a.jpg' without an end mark; expected two blocks of zeros")]
    [InlineData(1100, "shard ends behind 'a.jpg' without an end mark; expected two blocks of zeros")]
    public async Task Truncation_says_where(int cut, string message)
    {
        var shard = _context.Save("s.tar", Tars.Of("a.jpg", "b.jpg")[..cut]);

        var fault = (await _context.ReadShardAsync(shard))[^1].Fault();

        Assert.Equal(("shard.truncated", message), (fault.Code, fault.Message));
    }

    [Fact]
    public async Task Damage_is_told_and_ends_the_shard()
    {
        var broken = Tars.Of("a.jpg", "b.jpg", "c.jpg");
        broken[1024 + 10] ^= 1;
        var packed = Tars.Gzip(Tars.Of("a.jpg", "b.jpg"));
        packed[^6] ^= 0x55;
        var zstd = Tars.Zstd(Tars.Of("a.jpg"));
        zstd[^5] ^= 0x55;
        zstd[6] ^= 0xFF;
        var cases = new[] { broken, packed, zstd, Encoding.UTF8.GetBytes(new string('x', 2000)), [.. Tars.Of("a.jpg"), .. Tars.Of("b.jpg")] };

        var faults = new List<string>();
        foreach (var bytes in cases)
        {
            var item = (await _context.ReadShardAsync(_context.Save("s.tar", bytes)))[^1];
            faults.Add($"{item.Told()}: {item.Fault().Message}");
        }

        Assert.Equal(
            [
                "!shard.damaged: shard is damaged behind 'a.jpg': expected a tar header at byte 1024, found something else; the rest of it is not read",
                "!shard.damaged: shard is damaged behind 'b.jpg': expected gzip data, found something that does not decompress; the rest of it is not read",
                "!shard.damaged: shard is damaged at its beginning: expected zstd data, found something that does not decompress; the rest of it is not read",
                "!shard.damaged: shard is damaged at its beginning: expected a tar header at byte 0, found something else; the rest of it is not read",
                "!shard.damaged: shard goes on after its end mark, behind 'a.jpg'; expected zeros only (tars must not be joined by cat)",
            ],
            faults);
    }

    [Fact]
    public async Task Samples_that_may_not_be_used_are_faults_in_their_place()
    {
        var tar = Tars.Of(TarEntryFormat.Ustar, Mixed());

        var items = await _context.ReadShardAsync(_context.Save("s.tar", tar));

        Assert.Equal(
            [
                "/etc/passwd.jpg!shard.unsafe_name", "../up.jpg!shard.unsafe_name", "ok", "null!shard.unsafe_entry", "link!shard.unsafe_entry",
                "twice!shard.duplicate_key", "none!shard.no_image", "empty!shard.empty_file", "both!shard.two_images", "ok!shard.duplicate_key", "last",
            ],
            items.Select(i => i.Told()));
        Assert.Equal(
            [
                "entry name '/etc/passwd.jpg' is absolute; expected a relative path below the shard",
                "entry name '../up.jpg' leaves its folder by '..'; expected a relative path below the shard",
                "entry 'null' is a device; expected a regular file",
                "entry 'link.jpg' is a symbolic link; expected a regular file",
                "'twice.jpg' stands twice in the shard; expected it once",
                "sample has no image; expected one of jpg, jpeg, png, webp, tif, tiff, bmp, found 'json'",
                "'empty.jpg' is empty; expected the bytes of a file",
                "sample has two images, 'jpg' and 'tif'; expected one",
                "key 'ok' stands in two places of the shard; expected its files side by side",
            ],
            items.Where(i => i.Told().Contains('!')).Select(i => i.Fault().Message));
    }

    [Theory]
    [InlineData("tar")]
    [InlineData("tar.gz")]
    public async Task A_large_file_is_refused_by_its_declared_size(string packing)
    {
        var tar = Tars.Of(TarEntryFormat.Ustar, [("a.jpg", new byte[(1 << 20) + 1]), ("b.jpg", new byte[1 << 20]), ("b.mp4", new byte[(1 << 20) + 1])]);
        var shard = _context.Save($"s.{packing}", Packed(packing, tar));

        var items = await ShardSource.Of(new ShardReadOptions([shard]) { Limits = new ShardLimits(MaxFileMb: 1) }).ReadAsync(_context);

        Assert.Equal(["a!shard.too_large", "b"], items.Select(i => i.Told()));
        Assert.Equal("'a.jpg' declares 1048577 bytes; expected at most 1048576 (max_file_mb)", items[0].Fault().Message);
    }

    [Fact]
    public async Task Metadata_may_not_claim_memory()
    {
        var tar = Tars.Of(TarEntryFormat.Pax, [("a.jpg", Tars.Body("a.jpg"))]);
        Encoding.ASCII.GetBytes("17777777777\0").CopyTo(tar, 124);
        var sum = tar[..512].Select((b, i) => i is >= 148 and < 156 ? 32 : b).Sum();
        Encoding.ASCII.GetBytes($"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0 ").CopyTo(tar, 148);

        var item = Assert.Single(await _context.ReadShardAsync(_context.Save("s.tar", tar)));

        Assert.Equal(
            "shard is damaged at its beginning: metadata record at byte 0 declares 2147483647 bytes; expected at most 1048576; the rest of it is not read",
            item.Fault().Message);
    }

    [Fact]
    public void Damaged_bytes_never_throw_and_count_as_they_read()
    {
        var tars = new[] { TarEntryFormat.V7, TarEntryFormat.Ustar, TarEntryFormat.Pax, TarEntryFormat.Gnu }
            .Select(format => Tars.Of(format, Names.Select(n => (n, Tars.Body(n))))).ToArray();
        var damage = Gen.Select(Gen.Int[0, 1 << 20], Gen.Byte).Array[1, 4];
        var path = _context.PathInRun("s.tar");

        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1], damage).Sample((format, packed, changes) =>
        {
            var bytes = packed == 0 ? (byte[])tars[format].Clone() : Tars.Gzip(tars[format]);
            foreach (var (at, value) in changes)
            {
                bytes[at % bytes.Length] = value;
            }

            System.IO.File.WriteAllBytes(path, bytes);
            var read = TarShard.Groups(path, new PartFilter(SampleRoles.Wanted, new ShardLimits())).Count();
            return read == ShardIndex.Of([path], new ShardLimits(), null, CancellationToken.None).Count;
        }, iter: 500, threads: 1);
    }

    private static byte[] Packed(string packing, byte[] tar) => packing switch
    {
        "tar" => tar,
        "tar.gz" => Tars.Gzip(tar),
        _ => Tars.Zstd(tar),
    };

    private static IEnumerable<TarEntry> Mixed() =>
    [
        File("ok.jpg"), File("/etc/passwd.jpg"), File("../up.jpg"), File("ok.png"),
        new UstarTarEntry(TarEntryType.SymbolicLink, "link.jpg") { LinkName = "/etc/passwd" },
        new UstarTarEntry(TarEntryType.CharacterDevice, "null"),
        File("twice.jpg"), File("twice.jpg"), File("none.json"),
        Tars.File(TarEntryFormat.Ustar, "empty.jpg", []),
        File("both.jpg"), File("both.tif"), File("ok.json"), File("last.jpg"),
    ];

    private static TarEntry File(string name) => Tars.File(TarEntryFormat.Ustar, name, Tars.Body(name));

    /// <summary>Where the last byte of a file stands, by looking for its body.</summary>
    private static int EndOf(byte[] tar, string name)
    {
        var body = Tars.Body(name);
        return tar.AsSpan().IndexOf(body) + body.Length;
    }
}
