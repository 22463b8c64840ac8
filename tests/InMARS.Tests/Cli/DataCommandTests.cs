using InMARS.Stages;
using InMARS.Stages.Reports;
using InMARS.Tests.Support;

namespace InMARS.Tests.Cli;

/// <summary>Commands on real files, with the stages of the product.</summary>
public sealed class DataCommandTests : IDisposable
{
    private static readonly StandardStages[] Standard = [new StandardStages()];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("config.yaml")]
    [InlineData("tools/recipes/camvid-5.yaml")]
    [InlineData("tools/recipes/million.yaml")]
    public async Task The_run_files_of_the_repository_are_valid(string file)
    {
        File.WriteAllText(_folder["run.yaml"], Repository.Text(file));

        var run = await RunAsync("validate", _folder["run.yaml"]);

        Assert.Equal((0, ""), (run.Code, run.Error));
    }

    [Fact]
    public async Task Synth_writes_the_same_bytes_for_the_same_seed()
    {
        var first = await RunAsync("synth", "--output", _folder["a"], "--count", "2", "--seed", "5");
        await RunAsync("synth", "--output", _folder["b"], "--count", "2", "--seed", "5");

        Assert.Equal((0, $"2 scenes of seed 5 in {_folder["a"]}\n"), (first.Code, first.Out));
        Assert.Equal(File.ReadAllBytes(_folder["a", "synthetic-000000.tar"]), File.ReadAllBytes(_folder["b", "synthetic-000000.tar"]));
        Assert.Equal([_folder["a"], _folder["b"]], Directory.GetDirectories(_folder.Path).Order());
    }

    [Fact]
    public async Task Synth_takes_shares_and_the_size_of_shards()
    {
        var run = await RunAsync("synth", "--output", _folder["a"], "--count", "3", "--shares", "0, 0, 1", "--per-shard", "2");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(["synthetic-000000.tar", "synthetic-000001.tar"], Directory.GetFiles(_folder["a"]).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Synth_makes_scenes_of_the_size_asked_for()
    {
        await RunAsync("synth", "--output", _folder["a"], "--count", "1", "--size", "40x24");

        using var tar = new System.Formats.Tar.TarReader(File.OpenRead(_folder["a", "synthetic-000000.tar"]));
        var png = new byte[24];
        tar.GetNextEntry()!.DataStream!.ReadExactly(png);
        Assert.Equal((40, 24), (png[19], png[23]));
    }

    [Theory]
    [InlineData("--size", "15x32", "expected scenes of 16 x 16 or more, found 15 x 32")]
    [InlineData("--size", "32", "expected scenes of 16 x 16 or more, found 0 x 0")]
    [InlineData("--shares", "0.5,0.5", "expected 3 shares (stripes, spots, grain), found 2")]
    [InlineData("--shares", "2,-1,0", "expected shares of 0 or more, found -1")]
    [InlineData("--shares", "0,0,0", "expected at least one share above 0, found none")]
    [InlineData("--shares", "1,x,1", "expected shares of 0 or more, found NaN")]
    [InlineData("--tilt", "91", "expected a tilt of 0 to 90 degrees, found 91")]
    [InlineData("--per-shard", "0", "expected 1 or more, found 0")]
    public async Task Synth_refuses_what_makes_no_scene(string option, string value, string problem)
    {
        var run = await RunAsync("synth", "--output", _folder["a"], option, value);

        Assert.Equal((2, $"inmars: {option}: {problem}\nsee 'inmars synth --help'\n"), (run.Code, run.Error));
        Assert.False(Directory.Exists(_folder["a"]));
    }

    [Fact]
    public async Task Synth_replaces_its_own_shards_only_when_asked()
    {
        await RunAsync("synth", "--output", _folder["a"], "--count", "101", "--seed", "5");
        File.WriteAllText(_folder["a", "notes"], "");

        var refused = await RunAsync("synth", "--output", _folder["a"], "--count", "1");
        var allowed = await RunAsync("synth", "--output", _folder["a"], "--count", "1", "--overwrite");

        Assert.Equal((1, $"inmars: folder '{_folder["a"]}' is not empty; name another one, or pass --overwrite\n"), (refused.Code, refused.Error));
        Assert.Equal(0, allowed.Code);
        Assert.Equal(["notes", "synthetic-000000.tar"], Directory.GetFiles(_folder["a"]).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Shard_packs_a_folder_and_tells_what_has_no_label()
    {
        SaveMap("images", "a", 1);
        SaveMap("images", "b", 2);
        SaveMap("labels", "a", 0);
        SaveMap("labels", "z", 0);

        var run = await RunAsync("shard", "--images", _folder["images"], "--labels", _folder["labels"], "--output", _folder["out"], "--per-shard", "1");

        Assert.Equal(0, run.Code);
        Assert.StartsWith("2 samples in 2 shards, ", run.Out, StringComparison.Ordinal);
        Assert.Equal("warning: 1 image without a label map\nwarning: 1 label map without an image, left out; the first is 'z.png'\n", run.Error);
    }

    [Fact]
    public async Task Superpixels_cuts_a_shard_into_maps()
    {
        await RunAsync("synth", "--output", _folder["a"], "--count", "2");

        var run = await RunAsync("superpixels", "--input", _folder["a"], "--output", _folder["cut"], "--region-size", "16");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(2, Directory.GetFiles(_folder["cut", "superpixels"], "*.png", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task Evaluate_finds_maps_equal_to_themselves_up_to_their_numbers()
    {
        SaveMap("labels", "a", 0, 1);
        SaveMap("labels", "b", 1, 0);
        SaveMap("predictions", "a", 1, 0);
        SaveMap("predictions", "b", 0, 1);

        var run = await RunAsync(
            "evaluate", "--predictions", _folder["predictions"], "--labels", _folder["labels"], "--classes", "sky,road", "--output", _folder["scores"]);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("accuracy", run.Out, StringComparison.Ordinal);
        Assert.Contains("1.0000", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_without_a_model_leaves_nothing_behind()
    {
        SaveMap("images", "a", 0);

        var run = await RunAsync("predict", "--model", _folder["none"], "--input", _folder["images"], "--output", _folder["out"]);

        Assert.Equal(1, run.Code);
        Assert.StartsWith("inmars: no model found at ", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    private static Task<CliRun> RunAsync(params string[] args) => CliRun.OfAsync(args, Standard);

    /// <summary>A PNG of 4 x 4 pixels, of one value on the left and one on the right.</summary>
    private void SaveMap(string folder, string name, byte left, byte? right = null)
    {
        Directory.CreateDirectory(_folder[folder]);
        var pixels = Enumerable.Range(0, 16).Select(i => i % 4 < 2 ? left : right ?? left).ToArray();
        File.WriteAllBytes(_folder[folder, name + ".png"], Png.Grey8(4, 4, pixels));
    }
}
