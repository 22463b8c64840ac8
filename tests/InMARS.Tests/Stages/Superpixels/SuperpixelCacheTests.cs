using CsCheck;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Images;
using InMARS.Stages.Superpixels;
using InMARS.Tests.Stages.Images;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Superpixels;

public sealed class SuperpixelCacheTests : IDisposable
{
    private static readonly SlicOptions _options = new(RegionSize: 6);
    private readonly FakeStageContext _context = new();

    private string Folder => Path.Combine(_context.Run.Cache, "superpixels");

    public void Dispose() => _context.Dispose();

    [Fact]
    public void A_hit_equals_what_is_cut_anew_and_keeps_the_image_in_hand()
    {
        var image = Pictures.Texture(40, 50);
        var fresh = Slic.Cut(image, _options).Value();
        Cut(image);

        var again = image with { Truth = new LabelMap(40, 50, new ushort[2000]) };
        var found = Cut(again);

        Assert.Equal("superpixel cache: 100 % hits (1 of 1)", _context.Logged[1].Message);
        Assert.Same(again, found.Image);
        Assert.Equal(fresh.Count, found.Count);
        Assert.Equal(fresh.Labels, found.Labels);
    }

    [Fact]
    public void Another_pixel_another_shape_or_another_option_is_a_miss()
    {
        var image = Pictures.Texture(40, 50);
        var touched = image with { Pixels = (byte[])image.Pixels.Clone() };
        touched.Pixels[77] ^= 1;

        string[] keys =
        [
            SuperpixelCache.Key(image, _options),
            SuperpixelCache.Key(touched, _options),
            SuperpixelCache.Key(image with { Height = 50, Width = 40 }, _options),
            SuperpixelCache.Key(image, _options with { Ruler = 11 }),
            SuperpixelCache.Key(image, _options with { Blur = 0.5 }),
            SuperpixelCache.Key(image, _options with { Algorithm = SlicAlgorithm.Slico }),
            SuperpixelCache.Key(image, _options with { Engine = SlicEngine.OpenCv }),
            SuperpixelCache.Key(image, _options with { Infrared = true }),
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(keys[0], SuperpixelCache.Key(image, _options with { Engine = SlicEngine.Simd }));
        Assert.Equal(keys[0], SuperpixelCache.Key(image with { Origin = new("other", "9"), Truth = null }, _options));
    }

    [Fact]
    public void The_hit_rate_is_told_at_the_end()
    {
        using (var cutter = SuperpixelsEntries.Open(_options, 16, _context))
        {
            foreach (var seed in new[] { 1, 2, 1, 1 })
            {
                cutter.Cut(Pictures.Texture(30, 30, seed));
            }
        }

        var (kind, message, data) = Assert.Single(_context.Logged);
        Assert.Equal(("superpixel.cache", "superpixel cache: 50 % hits (2 of 4)"), (kind, message));
        Assert.Equal((2L, 2L), ((long)data!["hits"]!, (long)data["misses"]!));
    }

    [Fact]
    public void Without_a_cache_nothing_is_written_and_nothing_told()
    {
        using (var cutter = SuperpixelsEntries.Open(_options, 0, _context))
        {
            Assert.NotEmpty(cutter.Cut(Pictures.Texture(30, 30)).Value().Labels);
        }

        Assert.Empty(_context.Logged);
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public void A_damaged_entry_is_cut_anew_and_replaced()
    {
        var image = Pictures.Texture(40, 50);
        var fresh = Cut(image);
        var path = Assert.Single(Files());
        var whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..(whole.Length / 2)]);

        var again = Cut(image);

        Assert.Equal(fresh.Labels, again.Labels);
        Assert.Equal(whole, File.ReadAllBytes(path));
        Assert.Equal("superpixel cache: 0 % hits (0 of 1)", _context.Logged[1].Message);
    }

    [Fact]
    public async Task Several_threads_may_cut_the_same_image()
    {
        var image = Pictures.Texture(40, 50);
        var fresh = Slic.Cut(image, _options).Value();
        using var cutter = SuperpixelsEntries.Open(_options, 16, _context);

        var all = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => cutter.Cut(image).Value())));

        Assert.All(all, map => Assert.Equal(fresh.Labels, map.Labels));
        Assert.EndsWith(".labels", Assert.Single(Files()));
    }

    [Fact]
    public void The_longest_unused_go_when_the_cache_is_full()
    {
        var time = new Clock();
        var images = Enumerable.Range(1, 12).Select(seed => Pictures.Texture(40, 50, seed)).ToList();
        var keys = images.Select(image => SuperpixelCache.Key(image, _options)).ToList();
        var size = Written(Slic.Cut(images[0], _options).Value()).Length;
        var cache = new SuperpixelCache(Folder, size * 6, time);

        foreach (var (image, key) in images.Zip(keys))
        {
            cache.Keep(key, Slic.Cut(image, _options).Value());
            time.Minutes++;
            Assert.NotNull(cache.Find(keys[0], images[0]));
            time.Minutes++;
        }

        Assert.InRange(Files().Sum(path => new FileInfo(path).Length), size, size * 6);
        Assert.Equal(cache.Bytes, Files().Sum(path => new FileInfo(path).Length));
        Assert.Null(cache.Trouble);
        Assert.Null(cache.Find(keys[1], images[1]));
        Assert.NotNull(cache.Find(keys[^1], images[^1]));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_stops_the_run_with_a_sentence()
    {
        Directory.CreateDirectory(_context.Run.Cache);
        File.WriteAllText(Folder, "a file where the folder should be");

        var e = Assert.Throws<RunException>(() => SuperpixelsEntries.Open(_options, 16, _context));

        Assert.Contains(Folder, e.Message);
        Assert.Contains("cache: false", e.Message);
    }

    [Fact]
    public void A_cache_that_cannot_be_written_is_told_and_cutting_goes_on()
    {
        var image = Pictures.Texture(40, 50);
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, SuperpixelCache.Key(image, _options)[..2]), "a file where a folder should be");

        var map = Cut(image);

        Assert.Equal(Slic.Cut(image, _options).Value().Labels, map.Labels);
        Assert.StartsWith("superpixel cache: 0 % hits (0 of 1); writing to it stopped: ", _context.Logged[0].Message);
    }

    [Fact]
    public void Labels_come_back_as_they_were() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int[1, 30], Gen.Int[1, 900], Gen.Int).Sample((height, width, most, seed) =>
        {
            var random = new Random(seed);
            int[] labels = [.. Enumerable.Range(0, height * width).Select(_ => random.Next(most))];
            var count = Slic.Renumber(labels);
            var back = LabelCode.Read(Written(new SuperpixelMap(Pictures.Flat(height, width, 0, 0, 0), labels, count)), height, width);
            return back is { } b && b.Count == count && b.Labels.SequenceEqual(labels);
        });

    [Fact]
    public void Labels_are_refused_when_cut_short_changed_or_of_another_size()
    {
        var map = Slic.Cut(Pictures.Texture(30, 40), _options).Value();
        var entry = Written(map);

        Assert.Null(LabelCode.Read(entry, 40, 30));
        Assert.All(Enumerable.Range(0, entry.Length - 8), length => Assert.Null(LabelCode.Read(entry[..length], 30, 40)));
        Assert.All(Enumerable.Range(0, entry.Length), at =>
        {
            var changed = (byte[])entry.Clone();
            changed[at] ^= 0x11;
            Assert.True(LabelCode.Read(changed, 30, 40) is not { } read || read.Labels.SequenceEqual(map.Labels), $"at {at}");
        });
    }

    private static byte[] Written(SuperpixelMap map)
    {
        using var file = new MemoryStream();
        LabelCode.Write(file, map);
        return file.ToArray();
    }

    private SuperpixelMap Cut(RgbImage image)
    {
        using var cutter = SuperpixelsEntries.Open(_options, 16, _context);
        return cutter.Cut(image).Value();
    }

    private string[] Files() => Directory.GetFiles(Folder, "*", SearchOption.AllDirectories);

    private sealed class Clock : TimeProvider
    {
        public int Minutes { get; set; }

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(50).AddMinutes(Minutes);
    }
}
