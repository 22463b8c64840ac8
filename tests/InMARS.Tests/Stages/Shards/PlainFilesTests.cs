using System.Formats.Tar;
using System.Text;
using CsCheck;
using InMARS.Stages.Shards;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Shards;

/// <summary>Plain shards are read by their headers alone where these are ordinary; packed ones always by a reader of every field.</summary>
public sealed class PlainFilesTests : IDisposable
{
    private readonly FakeStageContext _context = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public void Whatever_a_header_holds_the_short_way_finds_what_the_long_one_does()
    {
        string[] names = ["a.jpg", "a.json", "folder/b.label.png", "folder/b.JPG", "c", "long/" + new string('n', 60) + ".png", "d.txt", "e.f.png"];
        var tars = new[] { TarEntryFormat.V7, TarEntryFormat.Ustar, TarEntryFormat.Pax, TarEntryFormat.Gnu }
            .Select(format => Tars.Of(format, names.Select(n => (n, Tars.Body(n))))).ToArray();
        string[] words = [".", "..", "/", "\0", "0", "7", "8", " ", "__", "x", "L", "\u007f", "\u00ff", "1", "2", "5", "S", "ustar", "a.jpg"];
        var change = Gen.Select(Gen.Int[0, 63], Gen.Int[0, 431], Gen.Int[0, words.Length - 1]);

        Gen.Select(Gen.Int[0, 3], change.Array[0, 3]).Sample((format, changes) =>
        {
            var bytes = (byte[])tars[format].Clone();
            foreach (var (block, place, number) in changes)
            {
                // Nothing reads what stands between the fields of the owner.
                var (word, at) = (words[number], place < 176 ? place : place + 80);
                var header = bytes.AsSpan(block % (bytes.Length / 512) * 512, 512);
                Encoding.Latin1.GetBytes(word).AsSpan(0, Math.Min(word.Length, 512 - at)).CopyTo(header[at..]);
                Repair(header);
            }

            Assert.Equal(Told(_context.Save("s.tar.gz", Tars.Gzip(bytes))), Told(_context.Save("s.tar", bytes)));
        }, iter: 20000, threads: 1);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(108)]
    [InlineData(116)]
    [InlineData(124)]
    [InlineData(136)]
    public void A_number_behind_a_zero_is_left_to_the_long_way(int field)
    {
        var bytes = Tars.Of(TarEntryFormat.Ustar, [("a.jpg", Tars.Body("a")), ("d.txt", Tars.Body("d")), ("e.png", Tars.Body("e"))]);
        var header = bytes.AsSpan(1024, 512);
        header[field] = 0;
        Repair(header);

        Assert.False(HeaderFields.IsPlainFile(header, out _, out _));
        Assert.Equal(Told(_context.Save("s.tar.gz", Tars.Gzip(bytes))), Told(_context.Save("s.tar", bytes)));
    }

    [Fact]
    public void Headers_far_apart_and_close_together_are_found()
    {
        var sizes = new[] { 1, 511, 512, 513, 4000, 70_000, 100, 200, 300_000, 5, 5, 5, 9000, 65_536, 1 };
        var tar = Tars.Of(TarEntryFormat.Gnu, sizes.Select((size, i) => ($"{i:D2}.png", new byte[size])));

        var groups = TarShard.Groups(_context.Save("s.tar", tar), new PartFilter(SampleRoles.Wanted, new ShardLimits())).ToList();

        Assert.Equal(sizes.Select((size, i) => ($"{i:D2}", (long)size)), groups.Select(g => (g.Key, g.Parts[0].Size)));
        Assert.All(groups, g => Assert.Equal(0, g.Parts[0].Offset % 512));
    }

    [Fact]
    public void Checksums_of_signed_bytes_count_and_wrong_ones_do_not()
    {
        var header = RawTar.Entry("a.jpg", '0', [1], change: h => h[300] = 0xFF)[..512];
        var sum = header.Select((b, i) => i is >= 148 and < 156 ? 32 : (sbyte)b).Sum();

        Assert.True(HeaderFields.HasChecksum(header));
        Encoding.ASCII.GetBytes($"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0 ").CopyTo(header, 148);
        Assert.True(HeaderFields.HasChecksum(header));
        header[0]++;
        Assert.False(HeaderFields.HasChecksum(header));
    }

    private static List<string> Told(string path) =>
    [
        .. TarShard.Groups(path, new PartFilter(SampleRoles.Wanted, new ShardLimits())).Select(g =>
            $"{g.Key} {g.Fault?.Code} {(g.IsCut ? "cut" : g.Fault?.Message)} {string.Join(',', g.Parts.Select(p => $"{p.Extension} {p.Size}"))}"),
    ];

    private static void Repair(Span<byte> header)
    {
        var sum = 8 * 32;
        for (var i = 0; i < header.Length; i++)
        {
            sum += i is >= 148 and < 156 ? 0 : header[i];
        }

        Encoding.ASCII.GetBytes($"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0 ").CopyTo(header[148..]);
    }
}
