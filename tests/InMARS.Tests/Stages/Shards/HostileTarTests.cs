using System.Text;
using InMARS.Stages.Shards;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Shards;

/// <summary>Shards that were made to do harm, each between two honest samples.</summary>
public sealed class HostileTarTests : IDisposable
{
    private readonly FakeStageContext _context = new();

    /// <summary>What is put between a.jpg and z.jpg, and what is read then from the plain and from the packed shard.</summary>
    public static TheoryData<string, string> Attacks => new()
    {
        { "absolute", "/etc/x.jpg!shard.unsafe_name a z" },
        { "pax absolute", "/etc/x.jpg!shard.unsafe_name a z" },
        { "gnu absolute", "/etc/x.jpg!shard.unsafe_name a z" },
        { "up", "b/../../x.jpg!shard.unsafe_name a z" },
        { "prefix up", "../../x.jpg!shard.unsafe_name a z" },
        { "empty name", "!shard.unsafe_name a z" },
        { "zero in name", "x?y.jpg!shard.unsafe_name a z" },
        { "giant name", new string('n', 200) + "...!shard.unsafe_name a z" },
        { "symbolic link", "a x!shard.unsafe_entry z" },
        { "hard link", "a x!shard.unsafe_entry z" },
        { "device", "a x!shard.unsafe_entry z" },
        { "pipe", "a x!shard.unsafe_entry z" },
        { "unknown type", "a x!shard.unsafe_entry z" },
        { "old sparse", "a !shard.damaged" },
        { "pax sparse", "a x!shard.unsafe_entry z" },
        { "pax sparse with a map", "a GNUSparseFile.0/x!shard.unsafe_entry z" },
        { "folder with a body", "a !shard.damaged" },
        { "negative size", "a !shard.damaged" },
        { "greatest octal size", "a x!shard.truncated" },
        { "negative size in base 256", "a !shard.damaged" },
        { "size beyond 63 bits", "a !shard.damaged" },
        { "size beyond 64 bits", "a !shard.damaged" },
        { "negative pax size", "a !shard.damaged" },
        { "pax size that is a word", "a !shard.damaged" },
        { "pax without a record", "a !shard.damaged" },
        { "pax record that is too long", "a !shard.damaged" },
        { "giant pax", "a !shard.damaged" },
        { "pax of many records", "a x z" },
        { "pax behind pax", "a !shard.damaged" },
        { "many global pax", "a x z" },
        { "giant long name", "a !shard.damaged" },
        { "many long names", "a !shard.damaged" },
        { "same name", "a!shard.duplicate_key z" },
        { "time in no calendar", "a !shard.damaged" },
        { "foreign pax", "PaxHeaders/x!shard.unsafe_entry a x z" },
    };

    public void Dispose() => _context.Dispose();

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task An_attack_is_a_fault_in_its_place_and_nothing_is_written(string attack, string told)
    {
        byte[] tar = [.. RawTar.File("a.jpg"), .. Made(attack), .. RawTar.File("z.jpg"), .. RawTar.End];

        foreach (var packed in new[] { tar, Tars.Gzip(tar), Tars.Zstd(tar) })
        {
            var items = await _context.ReadShardAsync(_context.Save("s.tar", packed));

            Assert.Equal(told, string.Join(' ', items.Select(i => i.Told())));
            Assert.Equal([Path.Combine(_context.Run.Directory, "s.tar")], Directory.GetFileSystemEntries(_context.Run.Directory));
        }
    }

    [Theory]
    [InlineData("largest size", 1024)]
    [InlineData("largest pax size", 2048)]
    public async Task A_size_that_no_file_has_ends_the_shard_however_it_is_packed(string attack, int header)
    {
        byte[] tar = [.. RawTar.File("a.jpg"), .. Made(attack), .. RawTar.End];

        var plain = (await _context.ReadShardAsync(_context.Save("s.tar", tar)))[^1].Fault();
        var packed = (await _context.ReadShardAsync(_context.Save("s.tar", Tars.Gzip(tar))))[^1];

        Assert.Equal($"shard is damaged behind 'a.jpg': entry at byte {header} declares more bytes than a file can have; the rest of it is not read", plain.Message);
        Assert.Equal("x!shard.truncated", packed.Told());
    }

    [Theory]
    [InlineData("old sparse", "shard is damaged behind 'a.jpg': expected a tar header at byte 1024, found one that cannot be read; the rest of it is not read")]
    [InlineData("pax sparse", "entry 'x.jpg' is a sparse file; expected a regular file")]
    [InlineData("unknown type", "entry 'x.jpg' is a special entry of type 81; expected a regular file")]
    public async Task Messages_say_what_was_found(string attack, string message)
    {
        byte[] tar = [.. RawTar.File("a.jpg"), .. Made(attack), .. RawTar.End];

        foreach (var packed in new[] { tar, Tars.Gzip(tar) })
        {
            Assert.Equal(message, (await _context.ReadShardAsync(_context.Save("s.tar", packed)))[^1].Fault().Message);
        }
    }

    [Theory]
    [InlineData(true, "behind its end")]
    [InlineData(false, "behind its end")]
    [InlineData(true, "x.bin")]
    [InlineData(false, "x.jpg")]
    public async Task A_bomb_is_refused_when_it_has_unpacked_to_64_MiB(bool gzip, string where)
    {
        byte[] tar = where.StartsWith('x')
            ? [.. RawTar.File("a.jpg"), .. RawTar.Entry(where, '0', new byte[80 << 20])]
            : [.. RawTar.File("a.jpg"), .. new byte[80 << 20]];

        var item = (await _context.ReadShardAsync(_context.Save("s.tar", gzip ? Tars.Gzip(tar) : Tars.Zstd(tar))))[^1];

        Assert.Equal("!shard.expands", item.Told());
        Assert.Matches(@"^shard is refused behind 'a.jpg': its first \d+ bytes unpack to more than 100 times as many \(max_ratio\); the rest of it is not read$", item.Fault().Message);
    }

    [Fact]
    public async Task A_shard_that_shrinks_well_is_read_where_max_ratio_says_so()
    {
        var tar = Tars.Gzip([.. RawTar.Entry("a.jpg", '0', new byte[80 << 20]), .. RawTar.End]);
        var options = new ShardReadOptions([_context.Save("s.tar", tar)]) { Limits = new ShardLimits(MaxRatio: 2000) };

        Assert.Equal("a", Assert.Single(await ShardSource.Of(options).ReadAsync(_context)).Told());
    }

    [Fact]
    public async Task Entries_beyond_the_most_are_not_read_and_are_told_once()
    {
        var options = new ShardReadOptions([_context.Save("s.tar", Tars.Of("a.jpg", "b.jpg", "c.jpg"))]) { Limits = new ShardLimits(MaxEntries: 2) };

        var items = await ShardSource.Of(options).ReadAsync(_context);

        Assert.Equal(["a", "b", "!shard.too_many"], items.Select(i => i.Told()));
        Assert.Equal("shard has more than 2 entries (max_entries); what stands behind 'b.jpg' is not read", items[^1].Fault().Message);
        Assert.Equal(3, await ShardSource.Of(options).Count(_context, TestContext.Current.CancellationToken));
    }

    private static byte[] Made(string attack) => attack switch
    {
        "absolute" => RawTar.File("/etc/x.jpg"),
        "pax absolute" => WithPax(RawTar.Pax("path", "/etc/x.jpg")),
        "gnu absolute" => WithLongName("/etc/x.jpg\0"),
        "up" => RawTar.File("b/../../x.jpg"),
        "prefix up" => RawTar.Entry("x.jpg", '0', [1], change: h => "../.."u8.CopyTo(h.AsSpan(345))),
        "empty name" => RawTar.File(""),
        "zero in name" => WithPax(RawTar.Pax("path", "x\0y.jpg")),
        "giant name" => WithLongName(new string('n', 900_000) + ".jpg\0"),
        "symbolic link" => RawTar.Entry("x.jpg", '2', [], change: h => "/etc/passwd"u8.CopyTo(h.AsSpan(157))),
        "hard link" => RawTar.Entry("x.jpg", '1', [], change: h => "a.jpg"u8.CopyTo(h.AsSpan(157))),
        "device" => RawTar.Entry("x.jpg", '4', []),
        "pipe" => RawTar.Entry("x.jpg", '6', []),
        "unknown type" => RawTar.Entry("x.jpg", 'Q', [1, 2]),
        "time in no calendar" => RawTar.Entry("x.jpg", '0', [1], RawTar.Octal(1), h =>
        {
            "ustar  \0"u8.CopyTo(h.AsSpan(257));
            RawTar.Base256(0x80, long.MaxValue / 10_000_000).CopyTo(h, 345);
        }),
        "old sparse" => RawTar.Entry("x.jpg", 'S', [1, 2, 3], change: h => RawTar.Octal(1L << 32).CopyTo(h, 483)),
        "pax sparse" => WithPax(RawTar.Pax("GNU.sparse.size", "99999999999"), RawTar.Pax("GNU.sparse.map", "0,1,99999999998,1")),
        "pax sparse with a map" =>
            [.. RawTar.Pax('x', RawTar.Pax("GNU.sparse.major", "1"), RawTar.Pax("GNU.sparse.realsize", "99999999999")), .. RawTar.File("GNUSparseFile.0/x.jpg")],
        "folder with a body" => RawTar.Entry("x/", '5', Tars.Body("x.jpg")),
        "same name" => RawTar.File("a.jpg"),
        "pax of many records" => WithPax(Enumerable.Range(0, 60_000).Select(i => RawTar.Pax($"k{i}", "v"))),
        "many global pax" => [.. Enumerable.Range(0, 5000).SelectMany(i => RawTar.Pax('g', RawTar.Pax($"k{i}", "v"))), .. RawTar.File("x.jpg")],
        "foreign pax" => [.. RawTar.Pax('X', RawTar.Pax("path", "/etc/x.jpg")), .. RawTar.File("x.jpg")],
        "many long names" => [.. Enumerable.Range(0, 5000).SelectMany(_ => RawTar.Entry("././@LongLink", 'L', "x.jpg\0"u8.ToArray())), .. RawTar.File("x.jpg")],
        "giant long name" => WithLongName(new string('n', 2 << 20)),
        "giant pax" => WithPax(RawTar.Pax("comment", new string('c', 2 << 20))),
        "pax behind pax" => [.. RawTar.Pax('x', RawTar.Pax("k", "v")), .. WithPax(RawTar.Pax("k", "v"))],
        "pax without a record" => WithPax("this is no record"),
        "pax record that is too long" => WithPax("9999 path=x\n"),
        _ => OfSize(attack),
    };

    private static byte[] OfSize(string attack) => attack switch
    {
        "negative size" => RawTar.Entry("x.jpg", '0', [], size: "-0000000001\0"u8.ToArray()),
        "greatest octal size" => RawTar.Entry("x.jpg", '0', [], size: "777777777777"u8.ToArray()),
        "negative size in base 256" => RawTar.Entry("x.jpg", '0', [], size: [.. Enumerable.Repeat((byte)0xFF, 12)]),
        "largest size" => RawTar.Entry("x.jpg", '0', [], size: RawTar.Base256(0x80, long.MaxValue - 600)),
        "size beyond 63 bits" => RawTar.Entry("x.jpg", '0', [], size: RawTar.Base256(0x80, long.MinValue)),
        "size beyond 64 bits" => RawTar.Entry("x.jpg", '0', [], size: [0x80, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
        "negative pax size" => WithPax(RawTar.Pax("size", "-5")),
        "largest pax size" => WithPax(RawTar.Pax("size", "9223372036854775807")),
        "pax size that is a word" => WithPax(RawTar.Pax("size", "many")),
        _ => throw new ArgumentOutOfRangeException(nameof(attack), attack, null),
    };

    private static byte[] WithPax(params IEnumerable<string> records) => [.. RawTar.Pax('x', records), .. RawTar.File("x.jpg")];

    private static byte[] WithLongName(string name) => [.. RawTar.Entry("././@LongLink", 'L', Encoding.ASCII.GetBytes(name)), .. RawTar.File("x.jpg")];
}
