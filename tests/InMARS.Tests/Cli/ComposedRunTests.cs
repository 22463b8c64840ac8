using InMARS.Cli.RunFiles;
using InMARS.Pipeline.Configuration;
using InMARS.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Cli;

public sealed class ComposedRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Predicting_prepares_images_as_training_did()
    {
        var preparation = Preparation.Read(
            """
            run: {name: a}
            define:
              prepare:
                - {use: image.decode, with: {bands: 4}}
                - {use: image.resize, with: {width: 128, height: 96, scale: none}}
                - {use: superpixel.slic, with: {region_size: auto, count: 200, ruler: 20}}
            flows: []
            """);

        var plan = Plan(PredictRun.Text(Request(), preparation));

        Assert.Contains("bands: 4", plan.Resolved, StringComparison.Ordinal);
        Assert.Contains("width: 128, height: 96", plan.Resolved, StringComparison.Ordinal);
        Assert.Contains("count: 200, ruler: 20, cache: false", plan.Resolved, StringComparison.Ordinal);
    }

    [Fact]
    public void Predicting_can_be_told_otherwise()
    {
        var preparation = new Preparation("3", "{ width: 128, height: 96 }", new Dictionary<string, string> { ["count"] = "200", ["region_size"] = "auto" });

        var plan = Plan(PredictRun.Text(Request() with { RegionSize = 12, OriginalSize = true, PaintPixels = true }, preparation));

        Assert.DoesNotContain("image.resize", plan.Resolved, StringComparison.Ordinal);
        Assert.Contains("region_size: 12", plan.Resolved, StringComparison.Ordinal);
        Assert.Contains("paint: pixel", plan.Resolved, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no run file at all: [")]
    [InlineData("- a list")]
    [InlineData("flows: [{steps: [{use: superpixel.slic}]}]")]
    public void A_model_of_unknown_preparation_gets_the_defaults(string text)
    {
        var preparation = Preparation.Read(text);

        Assert.Equal(("3", null, 0), (preparation.Bands, preparation.Resize, preparation.Cut.Count));
    }

    [Fact]
    public void A_model_in_a_run_directory_knows_its_run()
    {
        Directory.CreateDirectory(_folder["checkpoints"]);
        File.WriteAllText(_folder["config.resolved.yaml"], "flows: [{steps: [{use: superpixel.slic, with: {region_size: 6}}]}]");

        Assert.Equal("6", Preparation.Of(_folder["checkpoints", "model.safetensors"]).Cut["region_size"]);
    }

    [Theory]
    [InlineData("shards", "shard.read", "into: shards")]
    [InlineData("images", "folder.read", "into: folder")]
    [InlineData("shards/a.tar", "shard.read", "into: shards")]
    [InlineData("images/a.jpg", "folder.read", "into: folder")]
    [InlineData("no/such-{000..003}.tar", "shard.read", "into: shards")]
    public void The_input_chooses_source_and_sink(string input, string source, string into)
    {
        Directory.CreateDirectory(_folder["shards"]);
        Directory.CreateDirectory(_folder["images"]);
        File.WriteAllText(_folder["shards", "a.tar"], "");
        File.WriteAllText(_folder["images", "a.jpg"], "");

        var plan = Plan(PredictRun.Text(Request() with { Input = _folder[input] }, Preparation.Unknown));

        Assert.Contains($"use: {source}", plan.Resolved, StringComparison.Ordinal);
        Assert.Contains(into, plan.Resolved, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("out", ".", "out")]
    [InlineData("a/b/", "a", "b")]
    [InlineData("/tmp/x", "/tmp", "x")]
    public void The_folder_a_user_names_is_the_run_directory(string folder, string output, string name)
    {
        var settings = Plan(PredictRun.Text(Request() with { Output = folder }, Preparation.Unknown)).Settings;

        Assert.Equal((output, name), (settings.Output, settings.Name));
    }

    [Theory]
    [InlineData("it's: {odd} #1 \"x\"")]
    [InlineData("tab\tand\nline")]
    public void Any_path_can_be_quoted(string path)
    {
        var text = EvaluateRun.Text(new EvaluateRequest(path, path, "out", "none", [path, "road"], true, true));

        Assert.Single(Plan(text).Flows);
    }

    [Fact]
    public void Superpixels_are_cut_as_asked()
    {
        var plan = Plan(SuperpixelsRun.Text("photos", "cut", 16));

        Assert.Contains("region_size: 16", plan.Resolved, StringComparison.Ordinal);
    }

    private static PredictRequest Request() => new("runs/a/model.safetensors", "last", "photos", "out", null, false, false);

    private static RunPlan Plan(string text) => RunFile.Parse(text, "composed", [], [new StandardStages()]).Match(
        plan => plan,
        errors => throw new InvalidOperationException(string.Join("; ", errors)));
}
