using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Shards;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Shards;

public sealed class PairSourceTests : IDisposable
{
    private readonly FakeStageContext _context = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task Maps_of_two_folders_are_matched_by_name()
    {
        Save("p/a.png", "p/sub/b.png", "p/c.d.png", "l/a.png", "l/b.tif", "l/c.d.label.png");

        var items = await Read(At("p"), At("l"));

        Assert.Equal(["a", "c_d", "sub/b"], items.Select(i => i.Told()));
        Assert.Equal(Tars.Body("p/sub/b.png"), items[2].Value().Prediction);
        Assert.Equal(Tars.Body("l/b.tif"), items[2].Value().Truth);
        Assert.Equal(At("p"), items[0].Value().Origin.Shard);
        Assert.All(items, i => Assert.True(i.Bytes > 0));
    }

    [Theory]
    [InlineData("tar")]
    [InlineData("tar.gz")]
    public async Task Maps_of_shards_are_matched_by_key_whatever_shard_they_lie_in(string packing)
    {
        Func<byte[], byte[]> pack = packing == "tar" ? tar => tar : Tars.Gzip;
        _context.Save($"p/0.{packing}", pack(Tars.Of("b.pred.png", "b.json", "a.png")));
        _context.Save($"p/1.{packing}", pack(Tars.Of("c.label.png", "c.png", "d.json")));
        _context.Save($"l/0.{packing}", pack(Tars.Of("a.jpg", "a.png", "b.png", "b.label.png", "c.jpg", "c.seg.png")));

        var items = await Read(At("p"), $"{At("l")}/*.{packing}");

        Assert.Equal(["b", "a", "c"], items.Select(i => i.Told()));
        Assert.Equal([Tars.Body("b.pred.png"), Tars.Body("a.png"), Tars.Body("c.png")], items.Select(i => i.Value().Prediction));
        Assert.Equal([Tars.Body("b.label.png"), Tars.Body("a.png"), Tars.Body("c.seg.png")], items.Select(i => i.Value().Truth));
    }

    [Fact]
    public async Task Maps_without_partner_are_faults_on_both_sides()
    {
        Save("p/a.png", "p/x.png", "l/a.png", "l/y.png");

        var items = await Read(At("p"), At("l"));

        Assert.Equal(["a", "x!pairs.no_partner", "y!pairs.no_partner"], items.Select(i => i.Told()));
        Assert.Equal("prediction 'x' has no label map; expected one of that name", items[1].Fault().Message);
        Assert.Equal("label map 'y' has no prediction; expected one of that name", items[2].Fault().Message);
        Assert.Equal(At("l"), items[2].Origin.Shard);
    }

    [Fact]
    public async Task A_partial_evaluation_leaves_out_the_other_label_maps_and_counts_them()
    {
        Save("p/a.png", "l/a.png", "l/y.png");

        var items = await PairSource.Of(new PairReadOptions([At("p")], [At("l")], Partial: true)).ReadAsync(_context);

        Assert.Equal(["a"], items.Select(i => i.Told()));
        Assert.Equal($"1 label maps have no prediction and are left out; the first is '{At("l")}:y'", Assert.Single(_context.Logged).Message);
    }

    [Fact]
    public async Task Keys_that_fit_twice_are_faults()
    {
        Save("p/b.png", "p/c.png", "p/one/c.png", "l/s/b.png", "l/t/b.png", "l/c.png");

        var items = await Read(At("p"), At("l"));

        Assert.Equal(["b!pairs.duplicate_key", "c", "one/c!pairs.duplicate_key", "s/b!pairs.no_partner", "t/b!pairs.no_partner"], items.Select(i => i.Told()));
        Assert.Equal($"prediction 'b' fits both '{At("l")}:s/b' and '{At("l")}:t/b'; expected one label map", items[0].Fault().Message);
        Assert.Equal($"label map '{At("l")}:c' belongs to an earlier prediction already; expected one prediction for it", items[2].Fault().Message);
    }

    [Fact]
    public async Task Damage_on_either_side_is_told()
    {
        _context.Save("p.tar", Tars.Of("a.png", "b.png")[..1100]);
        _context.Save("l.tar", Tars.Of("a.png", "b.png")[..1536]);

        var items = await Read(At("p.tar"), At("l.tar"));

        Assert.Equal(["b!shard.truncated", "a", "!shard.truncated"], items.Select(i => i.Told()));
    }

    [Fact]
    public async Task Reading_from_a_position_gives_the_rest_and_the_count_is_that_of_all()
    {
        Save("p/a.png", "p/b.png", "p/x.png", "l/a.png", "l/b.png", "l/y.png");
        var source = PairSource.Of(new PairReadOptions([At("p")], [At("l")]));

        var full = (await source.ReadAsync(_context)).Select(i => i.Told()).ToList();

        for (var position = 0; position <= full.Count; position++)
        {
            Assert.Equal(full.Skip(position), (await source.ReadAsync(_context, position: position)).Select(i => i.Told()));
        }

        Assert.Equal(full.Count, await source.Count(_context, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_empty_folder_stops_the_run()
    {
        Save("p/a.png", "l/a.txt");

        var e = await Assert.ThrowsAsync<RunException>(() => Read(At("p"), At("l")));

        Assert.Equal($"folder '{At("l")}' holds neither shards nor label maps; expected png, tif or bmp", e.Message);
    }

    private Task<List<Sourced<PairedMaps>>> Read(string predictions, string labels) =>
        PairSource.Of(new PairReadOptions([predictions], [labels])).ReadAsync(_context);

    private string At(string name) => Path.Combine(_context.Run.Directory, name);

    private void Save(params string[] names) => Array.ForEach(names, name => _context.Save(name, Tars.Body(name)));
}
