using System.Text.Json.Nodes;
using InMARS.Stages;
using InMARS.Tests.Stages.Protocols;
using InMARS.Tests.Support;

namespace InMARS.Tests.Cli;

public sealed class PrepareCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PrepareCommandTests()
    {
        Downloads.Coco(_folder, "train2017", "000000000009", (360, 360), 105, 255);
        Downloads.Coco(_folder, "val2017", "000000000139", (360, 400), 105, 105);
        File.WriteAllText(_folder["list.txt"], "000000000009\n000000000139\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_benchmark_appears_whole_and_says_what_it_is()
    {
        var run = await RunAsync("coco-stuff-3", "--list", _folder["list.txt"], "--quirk", "unlabelled_is_sky");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal($"2 images of coco-stuff-3 in 2 shards, in {_folder["out"]}: train2017 1, val2017 1\n", run.Out);
        Assert.Equal(["protocol.json", "train2017-000000.tar", "val2017-000000.tar"], Files());
        Assert.False(Directory.Exists(_folder["out.part"]));
        var about = JsonNode.Parse(File.ReadAllText(_folder["out", "protocol.json"]))!;
        Assert.Equal("""["coco-stuff-3","2 images of the given lists",["sky","plant","ground"],255,["unlabelled_is_sky"],{"train2017":1,"val2017":1}]""",
            new JsonArray([.. about.AsObject().Select(p => p.Value!.DeepClone())]).ToJsonString());
        Assert.All(Downloads.Ids(Downloads.Entries(_folder["out"])["train2017-000000/000000000009.label.png"]), id => Assert.Equal(0, id));
    }

    [Fact]
    public async Task A_quirk_of_training_is_noted_and_told()
    {
        var run = await RunAsync("coco-stuff-15", "--list", _folder["list.txt"], "--quirk", "mask_training_with_labels");

        Assert.Equal(0, run.Code);
        Assert.EndsWith("\nmask_training_with_labels acts in training: also pass --set flows.train.steps.collate.with.mask=labels to 'inmars run'\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("\"mask_training_with_labels\"", File.ReadAllText(_folder["out", "protocol.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_shards_of_the_same_sets_are_replaced_and_only_when_asked()
    {
        Directory.CreateDirectory(_folder["out"]);
        Array.ForEach(["notes", "mine-000000.tar", "val2017-000007.tar"], name => File.WriteAllText(_folder["out", name], ""));

        var refused = await RunAsync("coco-stuff-3");
        var allowed = await RunAsync("coco-stuff-3", "--overwrite");

        Assert.Equal((1, $"inmars: folder '{_folder["out"]}' is not empty; name another one, or pass --overwrite\n"), (refused.Code, refused.Error));
        Assert.Equal((0, ""), (allowed.Code, allowed.Error));
        Assert.Equal(["mine-000000.tar", "notes", "protocol.json", "val2017-000000.tar"], Files());
    }

    [Fact]
    public async Task A_failure_leaves_nothing_behind()
    {
        Downloads.Coco(_folder, "val2017", "000000000200", (360, 400), 200);

        var run = await RunAsync("coco-stuff-3");

        Assert.Equal(1, run.Code);
        Assert.Equal(["list.txt"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Where(n => n != "raw"));
    }

    [Theory]
    [InlineData("potsdam-5", "", "inmars: there is no protocol 'potsdam-5'; did you mean 'potsdam-3'?; expected potsdam, potsdam-3, coco-stuff-15, coco-stuff-3, camvid")]
    [InlineData("coco-stuff-15", "--quirk unlabelled_is_sky", "inmars: --quirk: coco-stuff-15 has no quirk 'unlabelled_is_sky'")]
    [InlineData("coco-stuff-3", "--quirk sky", "inmars: there is no quirk 'sky'; expected unlabelled_is_sky, mask_training_with_labels")]
    [InlineData("potsdam", "--list x", "inmars: --list: potsdam takes all of its tiles, by no list")]
    [InlineData("camvid", "--bands 4", "inmars: --bands: images of camvid have 3 bands")]
    [InlineData("potsdam", "--bands 5", "inmars: there is no number of bands '5'; did you mean '3'?; expected 3, 4")]
    public async Task What_a_protocol_does_not_have_is_refused(string protocol, string options, string sentence)
    {
        var run = await RunAsync([protocol, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal((2, $"{sentence}\nsee 'inmars prepare --help'\n"), (run.Code, run.Error));
    }

    private Task<CliRun> RunAsync(params string[] args) =>
        CliRun.OfAsync(["prepare", .. args, "--source", _folder["raw"], "--output", _folder["out"]], [new StandardStages()]);

    private IEnumerable<string?> Files() => Directory.GetFiles(_folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
