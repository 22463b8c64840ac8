using InMARS.Pipeline.Stages;
using InMARS.Stages.Shards;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Shards;

public sealed class ShardIndexTests : IDisposable
{
    private readonly FakeStageContext _context = new();

    public void Dispose() => _context.Dispose();

    private string Cache => Path.Combine(_context.Run.Cache, "index");

    private string IndexFile => Directory.GetFiles(Cache).Single();

    [Fact]
    public void It_counts_positions_as_reading_emits_them()
    {
        var index = Index(Save("a.tar", "1.png", "1.label.png", "2.txt", "3.json", "4.png"), Path.Combine(_context.Run.Directory, "none.tar"));

        Assert.Equal((4, 2), (index.Count, index.Faulty));
        Assert.Equal($"{_context.Run.Directory}/a.tar:3: shard.no_image: sample has no image; expected one of jpg, jpeg, png, webp, tif, tiff, bmp, found 'json'", index.FirstFault);
    }

    [Fact]
    public void A_second_start_reads_no_shard_that_has_not_changed()
    {
        string[] shards = [Save("a.tar", "1.png"), Save("b.tar", "2.png", "3.png")];
        Assert.Equal(2, Index(shards).Scanned);

        var known = Index(shards);

        Assert.Equal((0, 3, 0), (known.Scanned, known.Count, known.Faulty));
    }

    [Fact]
    public void A_shard_of_another_size_or_time_is_read_again()
    {
        string[] shards = [Save("a.tar", "1.png"), Save("b.tar", "2.png")];
        Index(shards);
        Save("b.tar", "2.png", "3.png", "4.png");

        var larger = Index(shards);
        File.SetLastWriteTimeUtc(shards[0], DateTime.UnixEpoch);
        var older = Index(shards);

        Assert.Equal((1, 4), (larger.Scanned, larger.Count));
        Assert.Equal((1, 4), (older.Scanned, older.Count));
    }

    [Fact]
    public void A_shard_that_is_not_there_is_never_known()
    {
        string[] shards = [Save("a.tar", "1.png"), Path.Combine(_context.Run.Directory, "none.tar")];

        Assert.Equal([2, 1], [Index(shards).Scanned, Index(shards).Scanned]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(-1)]
    public void A_damaged_index_is_made_again(int length)
    {
        var shard = Save("a.tar", "1.png", "2.png");
        Index(shard);
        var bytes = File.ReadAllBytes(IndexFile);
        bytes[10] ^= 1;
        File.WriteAllBytes(IndexFile, length < 0 ? bytes : bytes[..length]);

        var again = Index(shard);

        Assert.Equal((1, 2), (again.Scanned, again.Count));
        Assert.Equal(0, Index(shard).Scanned);
    }

    [Fact]
    public void An_index_takes_few_bytes_a_sample()
    {
        Index(Save("a.tar", [.. Enumerable.Range(0, 1000).Select(i => $"{i}.png")]));

        Assert.InRange(new FileInfo(IndexFile).Length, 8_000, 8_200);
    }

    [Fact]
    public async Task A_folder_that_cannot_keep_it_is_told_once_and_the_run_goes_on()
    {
        Directory.CreateDirectory(_context.Run.Cache);
        File.WriteAllText(Cache, "in the way");

        var count = await ShardSource.Of(new ShardReadOptions([Save("a.tar", "1.png")])).Count(_context, TestContext.Current.CancellationToken);

        Assert.Equal(1, count);
        Assert.StartsWith("The index of the shards cannot be kept in run.cache", Assert.Single(_context.Logged).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_two_shards_have_are_told_by_name()
    {
        string[] shards = [Save("a.tar", "1.png", "x/2.png"), Save("b.tar", "x/2.png", "3.png", "1.png")];

        var check = await ShardSource.Of(new ShardReadOptions(shards)).Check(_context, TestContext.Current.CancellationToken);

        Assert.Equal((0, null), (check.Faulty, check.First));
        Assert.Equal([$"2 samples have the key of an earlier one; the first: 'x/2' in '{shards[0]}' and '{shards[1]}'"], check.Notes);
    }

    [Theory]
    [InlineData(2, 0, "2 8")]
    [InlineData(4, 0, "1 4 6 9")]
    [InlineData(99, 0, "0 1 2 3 4 5 6 7 8 9 10")]
    [InlineData(2, 4, "1 3")]
    public void A_spread_lies_evenly_over_all_shards(int most, long limit, string keys)
    {
        string[] shards = [Save("a.tar", "0.png", "1.png", "2.png"), Save("b.tar", [.. Enumerable.Range(3, 7).Select(i => $"{i}.png")]), Save("c.tar", "10.png")];
        var source = ShardSource.Of(new ShardReadOptions(shards, Limit: limit));

        var spread = source.Spread!(_context, most, TestContext.Current.CancellationToken);

        Assert.Equal(keys, string.Join(' ', spread.Select(s => s.Value().Origin.Key)));
    }

    private ShardIndex Index(params string[] shards) => ShardIndex.Of(shards, new ShardLimits(), Cache, TestContext.Current.CancellationToken);

    private string Save(string name, params string[] files) => _context.Save(name, Tars.Of(files));
}
