using CsCheck;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Shards;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Shards;

public sealed class ShardOrderTests : IDisposable
{
    private readonly FakeStageContext _context = new();
    private readonly string[] _keys;

    public ShardOrderTests()
    {
        var shards = new[] { 5, 1, 7, 0, 4 }.Select((count, s) => Enumerable.Range(0, count).Select(i => $"{s}{i}").ToArray()).ToArray();
        for (var s = 0; s < shards.Length; s++)
        {
            var tar = Tars.Of(shards[s].SelectMany(k => new[] { $"{k}.jpg", $"{k}.json" }));
            _context.Save(s == 2 ? "s-2.tar.gz" : $"s-{s}.tar", s == 2 ? Tars.Gzip(tar) : tar);
        }

        _keys = [.. shards.SelectMany(k => k)];
    }

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task Without_shuffle_the_order_is_that_of_the_shards()
    {
        Assert.Equal(_keys, await Keys(new ShardReadOptions([_context.Run.Directory])));
    }

    [Fact]
    public async Task Reading_from_a_position_gives_the_rest_of_the_full_reading()
    {
        var options = Gen.Select(Gen.Bool, Gen.Int[0, 3].Select(i => new[] { 0, 1, 3, 256 }[i]), Gen.Int[0, 4].Select(i => new[] { 0L, 1, 9, 17, 99 }[i]), Gen.Int[0, 2], Gen.Int[0, 18]);

        await options.SampleAsync(async (shuffle, buffer, limit, epoch, position) =>
        {
            var read = new ShardReadOptions([_context.Run.Directory], shuffle, buffer, limit);
            var full = await ShardSource.Of(read).ReadAsync(_context, epoch);
            var rest = await ShardSource.Of(read).ReadAsync(_context, epoch, position);
            var count = await ShardSource.Of(read).Count(_context, CancellationToken.None);
            Assert.Equal(full.Skip(position).Select(Described), rest.Select(Described));
            Assert.Equal(full.Count, count);
        }, iter: 60, threads: 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Shards_that_were_passed_are_not_read_again(bool shuffle)
    {
        using var context = new FakeStageContext();
        for (var s = 0; s < 20; s++)
        {
            context.Save($"s-{s:D2}.tar", Tars.Of(Enumerable.Range(0, 50).SelectMany(i => new[] { $"{s:D2}{i:D2}.jpg", $"{s:D2}{i:D2}.json" })));
        }

        var source = ShardSource.Of(new ShardReadOptions([context.Run.Directory], shuffle, Buffer: 4));
        var full = await source.ReadAsync(context);
        await source.Count(context, CancellationToken.None);
        foreach (var passed in full.Take(500).Select(i => i.Origin.Shard).Distinct().Except(full.Skip(500).Select(i => i.Origin.Shard)))
        {
            var time = File.GetLastWriteTimeUtc(passed);
            File.WriteAllBytes(passed, new byte[new FileInfo(passed).Length]);
            File.SetLastWriteTimeUtc(passed, time);
        }

        var rest = await source.ReadAsync(context, 0, 500);

        Assert.Equal(full.Skip(500).Select(Described), rest.Select(Described));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(256)]
    public async Task A_shuffle_is_a_permutation_that_follows_seed_and_epoch(int buffer)
    {
        var options = new ShardReadOptions([_context.Run.Directory], Shuffle: true, Buffer: buffer);

        var first = await Keys(options);

        Assert.Equal(_keys, first.Order(StringComparer.Ordinal));
        Assert.NotEqual(_keys, first);
        Assert.Equal(first, await Keys(options));
        Assert.NotEqual(first, await Keys(options, epoch: 1));
        using var other = new FakeStageContext(seed: 9);
        Assert.NotEqual(first, (await ShardSource.Of(options).ReadAsync(other)).Select(i => i.Origin.Key));
    }

    [Fact]
    public async Task A_limit_ends_the_epoch()
    {
        var options = new ShardReadOptions([_context.Run.Directory], Limit: 6);

        Assert.Equal(_keys.Take(6), await Keys(options));
    }

    [Fact]
    public void A_buffer_gives_every_item_once_and_none_too_early() =>
        Gen.Select(Gen.Int[0, 60], Gen.Int[1, 20], Gen.ULong).Sample((count, size, seed) =>
        {
            var order = Shuffling.ThroughBuffer(Enumerable.Range(0, count), size, new SplitMix64(seed)).ToList();
            return order.Order().SequenceEqual(Enumerable.Range(0, count)) && order.Select((item, at) => item - at).All(ahead => ahead <= size);
        });

    [Fact]
    public void Permutations_of_three_are_equally_frequent()
    {
        var random = new SplitMix64(3);

        var counts = Enumerable.Range(0, 6000).Select(_ => string.Concat(Shuffling.Permuted([1, 2, 3], random))).CountBy(p => p).ToList();

        Assert.Equal(6, counts.Count);
        Assert.All(counts, c => Assert.InRange(c.Value, 850, 1150));
    }

    [Fact]
    public void Split_mix_gives_the_published_numbers()
    {
        var random = new SplitMix64(1234567);

        Assert.Equal([6457827717110365317ul, 3203168211198807973ul, 9817491932198370423ul], [random.Next(), random.Next(), random.Next()]);
    }

    private static string Described(Sourced<Sample> item) => $"{item.Told()} {item.Bytes} {item.Value().ImageName} {item.Value().Image.Length}";

    private async Task<IReadOnlyList<string>> Keys(ShardReadOptions options, int epoch = 0) =>
        [.. (await ShardSource.Of(options).ReadAsync(_context, epoch)).Select(i => i.Origin.Key)];
}
