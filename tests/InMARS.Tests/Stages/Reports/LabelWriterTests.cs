using System.Formats.Tar;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Reports;
using InMARS.Tests.Support;
using OpenCvSharp;

namespace InMARS.Tests.Stages.Reports;

public sealed class LabelWriterTests : IDisposable
{
    private readonly FakeStageContext _context = new();

    [Fact]
    public async Task Shards_mirror_the_input_key_by_key()
    {
        await Write(new(), Map("in/a.tar", "0"), Map("in/a.tar", "1"), Map("in/b.tar.gz", "2"), Map("images/", "3"));

        Assert.Equal(["a.tar", "b.tar", "images.tar"], Files());
        Assert.Equal(["0.png", "1.png"], Names("a.tar"));
        Assert.Equal(["2.png"], Names("b.tar"));
    }

    [Fact]
    public async Task A_named_legend_colours_the_maps_and_must_fit_them()
    {
        var file = _context.PathInRun("mine.yaml");
        new ClusterLegend([new("a", "#010203"), new("b", "#040506"), new("c", "#070809")]).Save(file);
        var map = new Prediction(new Origin("a.tar", "0"), 1, 2, 3, [0, 2]);

        await Write(new(Into: LabelPlace.Folder) { Legend = file }, map);

        using var shown = Cv2.ImRead(Path.Combine(_context.PathInRun("predictions"), "0.png"), ImreadModes.Color);
        Assert.Equal((new Vec3b(3, 2, 1), new Vec3b(9, 8, 7)), (shown.At<Vec3b>(0, 0), shown.At<Vec3b>(0, 1)));
        var error = await Assert.ThrowsAsync<RunException>(() => Write(new() { Legend = file }, map with { ClusterCount = 4 }));
        Assert.Equal($"the legend '{file}' has 3 clusters, expected 4", error.Message);
    }

    [Fact]
    public async Task Shards_of_one_name_in_two_folders_stay_apart()
    {
        await Write(new(), Map("train/a.tar", "0"), Map("val/a.tar", "0"));

        Assert.Equal(["a-2.tar", "a.tar"], Files());
    }

    [Fact]
    public async Task Shards_that_come_mixed_are_whole_in_the_end()
    {
        await Write(new(), Map("a.tar", "0"), Map("b.tar", "1"), Map("a.tar", "2"), Map("b.tar", "3"));

        Assert.Equal(["0.png", "2.png"], Names("a.tar"));
        Assert.Equal(["1.png", "3.png"], Names("b.tar"));
    }

    [Fact]
    public async Task A_shard_has_its_name_when_enough_others_have_begun_and_a_checkpoint_knows_of_it()
    {
        await using var writer = Open(new(OpenShards: 1));
        var state = (IResumable)writer;

        await writer.WriteAsync(Map("a.tar", "0"), default, Stop);
        var waited = state.AwaitsCheckpoint;
        await writer.WriteAsync(Map("b.tar", "1"), default, Stop);

        Assert.Equal((false, true), (waited, state.AwaitsCheckpoint));
        Assert.Equal([".a.tar.part", ".b.tar.part"], Files());
        state.Carry(StateArchive.Save());
        state.Publish();
        Assert.Equal([".b.tar.part", "a.tar"], Files());
        Assert.False(state.AwaitsCheckpoint);
    }

    [Fact]
    public async Task An_item_of_a_finished_shard_stops_the_run_with_the_way_out()
    {
        await using var writer = Open(new(OpenShards: 1));
        await writer.WriteAsync(Map("a.tar", "0"), default, Stop);
        await writer.WriteAsync(Map("b.tar", "1"), default, Stop);

        var e = await Assert.ThrowsAsync<RunException>(() => writer.WriteAsync(Map("a.tar", "2"), default, Stop));

        Assert.Equal(
            "'a.tar:2' comes after the predictions of its shard were finished; let the flow have one epoch, read without shuffle, or raise `open_shards` above 1",
            e.Message);
    }

    [Fact]
    public async Task A_flow_that_fails_leaves_what_its_last_checkpoint_knows_of()
    {
        await using (var writer = Open(new(OpenShards: 1)))
        {
            await writer.WriteAsync(Map("a.tar", "0"), default, Stop);
            await writer.WriteAsync(Map("b.tar", "1"), default, Stop);
            ((IResumable)writer).Carry(StateArchive.Save());
            ((IResumable)writer).Publish();
            await writer.WriteAsync(Map("c.tar", "2"), default, Stop);
        }

        Assert.Equal([".b.tar.part", "a.tar"], Files());
    }

    [Fact]
    public async Task A_writer_goes_on_where_a_checkpoint_stands_and_gives_the_same_bytes()
    {
        Prediction[] maps = [Map("a.tar", "0"), Map("a.tar", "1"), Map("b.tar", "2"), Map("b.tar", "3"), Map("c.tar", "4")];
        await Write(new(OpenShards: 1), maps);
        var expected = Bytes();
        for (var before = 0; before <= maps.Length; before++)
        {
            for (var beyond = 0; beyond <= maps.Length - before; beyond++)
            {
                ClearFiles();
                var state = StateArchive.Save();
                await using (var first = Open(new(OpenShards: 1)))
                {
                    await WriteAll(first, maps[..before]);
                    ((IResumable)first).Carry(state);
                    await WriteAll(first, maps[before..(before + beyond)]);
                }

                await using var second = Open(new(OpenShards: 1));
                ((IResumable)second).Carry(StateArchive.Load(state.Entries));
                await WriteAll(second, maps[before..]);
                await second.CompleteAsync(Stop);

                Assert.Equal(expected, Bytes());
            }
        }
    }

    [Fact]
    public async Task A_checkpoint_costs_no_more_after_many_shards_than_after_few()
    {
        await using var writer = Open(new(OpenShards: 1));
        var sizes = new List<long>();
        for (var shard = 0; shard < 40; shard++)
        {
            await writer.WriteAsync(Map($"s-{shard:D2}.tar", $"{shard:D2}"), default, Stop);
            var state = StateArchive.Save();
            ((IResumable)writer).Carry(state);
            ((IResumable)writer).Publish();
            sizes.Add(state.Fixed.Where(e => !e.Key.EndsWith("written", StringComparison.Ordinal)).Sum(e => e.Value.LongLength));
        }

        Assert.Single(sizes.Skip(1).Distinct());
    }

    [Fact]
    public async Task A_folder_gets_one_file_for_each_key()
    {
        await Write(new(Into: LabelPlace.Folder), Map("a.tar", "0"), Map("b.tar", "sub/1"));

        Assert.Equal(["0.png", "sub/1.png"], Files());
    }

    [Theory]
    [InlineData(LabelPlace.Folder, "../x", "write.key")]
    [InlineData(LabelPlace.Shards, "../x", "shard.unsafe_name")]
    [InlineData(LabelPlace.Shards, "/x", "shard.unsafe_name")]
    [InlineData(LabelPlace.Shards, "twice", "shard.duplicate_key")]
    [InlineData(LabelPlace.Folder, "twice", "write.duplicate")]
    public async Task A_key_that_is_no_name_of_its_own_is_a_fault(LabelPlace into, string key, string code)
    {
        await using var writer = Open(new(into));

        await writer.WriteAsync(Map("a.tar", "twice"), default, Stop);

        Assert.Equal(code, (await writer.WriteAsync(Map("a.tar", key), default, Stop))!.Code);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_told()
    {
        File.WriteAllText(_context.PathInRun("predictions"), "");
        await using var writer = Open(new());

        var e = await Assert.ThrowsAsync<RunException>(() => writer.WriteAsync(Map("a.tar", "0"), default, Stop));

        Assert.StartsWith($"cannot write '{Path.Combine(_context.PathInRun("predictions"), "a.tar")}': ", e.Message);
    }

    [Fact]
    public void Encode_takes_eight_bits_up_to_256_clusters_and_sixteen_beyond()
    {
        using var few = Cv2.ImDecode(LabelWriter.Encode(new Prediction(default, 1, 2, 256, [0, 255]), colours: null), ImreadModes.Unchanged);
        using var many = Cv2.ImDecode(LabelWriter.Encode(new Prediction(default, 1, 2, 257, [0, 256]), Palette.Rgb(257)), ImreadModes.Unchanged);

        Assert.Equal((MatType.CV_8UC1, 255), (few.Type(), few.At<byte>(0, 1)));
        Assert.Equal((MatType.CV_16UC1, 256), (many.Type(), many.At<ushort>(0, 1)));
    }

    [Fact]
    public void Encode_shows_clusters_in_the_colours_of_the_palette()
    {
        using var shown = Cv2.ImDecode(LabelWriter.Encode(new Prediction(default, 1, 2, 256, [0, 200]), Palette.Rgb(256)), ImreadModes.Color);

        var palette = Palette.Rgb(256);
        Assert.Equal(new Vec3b(palette[602], palette[601], palette[600]), shown.At<Vec3b>(0, 1));
    }

    public void Dispose() => _context.Dispose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Prediction Map(string shard, string key) => new(new Origin(shard, key), 1, 2, 2, [0, 1]);

    private ISinkWriter<Prediction> Open(LabelWriterOptions options) => LabelWriter.Sink("write.labels", new FlowOptions(), options).Open(_context);

    private async Task Write(LabelWriterOptions options, params Prediction[] maps)
    {
        await using var writer = Open(options);
        await WriteAll(writer, maps);
        await writer.CompleteAsync(Stop);
        Assert.Equal($"{maps.Length} label maps in {_context.PathInRun("predictions")}.", Assert.Single(_context.Reports).Notes.Single());
    }

    private static async Task WriteAll(ISinkWriter<Prediction> writer, IEnumerable<Prediction> maps)
    {
        foreach (var map in maps)
        {
            Assert.Null(await writer.WriteAsync(map, default, Stop));
        }
    }

    private string Bytes() =>
        string.Join('\n', Files().Select(f => $"{f} {Convert.ToHexString(File.ReadAllBytes(Path.Combine(_context.PathInRun("predictions"), f)))}"));

    private void ClearFiles() => Files().ForEach(f => File.Delete(Path.Combine(_context.PathInRun("predictions"), f)));

    private List<string> Files()
    {
        var folder = _context.PathInRun("predictions");
        return [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal)];
    }

    private List<string> Names(string shard)
    {
        using var tar = new TarReader(File.OpenRead(Path.Combine(_context.PathInRun("predictions"), shard)));
        var names = new List<string>();
        while (tar.GetNextEntry() is { } entry)
        {
            names.Add(entry.Name);
        }

        return names;
    }
}
