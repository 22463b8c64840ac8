using System.Text.Json.Nodes;
using InMARS.Stages.Images;
using InMARS.Stages.Reports;
using InMARS.Tests.Cli;
using InMARS.Tests.Stages.Images;
using InMARS.Tests.Support;

namespace InMARS.Tests.EndToEnd;

public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Model => _folder["model", "model.safetensors"];

    [Fact]
    public async Task Good_items_come_through_and_every_bad_one_is_told()
    {
        var (result, run) = await PredictShardsAsync();

        Assert.True(result.Code == 3, result.Told);
        Assert.Equal(BadShards.Defects, run.Rejects);
        Assert.Equal(BadShards.Good.Select(k => $"{k}.png"), run.Predictions.OrderBy(p => p.Key).SelectMany(p => p.Value));
        Assert.Equal(BadShards.Good.Length + BadShards.Defects.Length, (int?)run.Metrics["items"]!["predict"]!["read"]);
        Assert.Equal(BadShards.Defects.Length, (int?)run.Metrics["items"]!["predict"]!["rejected"]);
        Tidy(result, run);
    }

    [Theory]
    [InlineData("run.rejects.on_fault=stop", "and on_fault is stop")]
    [InlineData("run.rejects.max=2", "3 items were rejected, and rejects.max is 2")]
    public async Task A_policy_stops_the_run_and_names_the_item(string policy, string why)
    {
        var (result, run) = await PredictShardsAsync("--set", policy);

        Assert.True(result.Code == 4, result.Told);
        Assert.Contains(why, result.Error, StringComparison.Ordinal);
        var told = run.Text("rejects.jsonl").TrimEnd().Split('\n').Select(l => JsonNode.Parse(l)!);
        Assert.Contains(told, r => result.Error.Contains($"{r["shard"]}:{r["key"]}", StringComparison.Ordinal));
        Assert.Equal("RejectLimit", (string?)run.Metrics["end"]);
        Tidy(result, run);
    }

    [Fact]
    public async Task What_was_finished_before_a_stop_stays_valid()
    {
        BadShards.WriteGood(_folder["good"], shards: 3, perShard: 2);
        var (result, run) = await PredictShardsAsync(
            "--set", $"flows.predict.source.with.path=[\"{_folder["good"]}/*.tar\", \"{_folder["data"]}/a.tar\"]", "--set", "run.rejects.on_fault=stop");

        Assert.True(result.Code == 4, result.Told);
        Assert.All(Directory.Exists(Path.Combine(run.Path, "predictions")) ? run.Predictions.Values : [], entries => Assert.Equal(2, entries.Length));
        Tidy(result, run);
    }

    [Fact]
    public async Task Training_and_scoring_go_on_without_the_bad_items()
    {
        BadShards.Write(_folder["data"]);
        File.WriteAllText(_folder["run.yaml"], RunText.Train(_folder));

        var result = await Product.RunAsync("run", _folder["run.yaml"]);

        var run = new RunFolder(_folder["runs", "bad"]);
        Assert.True(result.Code == 3, result.Told);
        Assert.Equal(2, (int?)run.Metrics["results"]!["train"]![0]!["steps"]);
        Assert.Equal(BadShards.Good.Length, (int?)run.Metrics["results"]!["evaluate"]![0]!["images"]);
        Assert.Contains("a.tar cut pairs.read pairs.no_partner", run.Rejects);
        Tidy(result, run);
    }

    [Theory]
    [InlineData("no model found at", "missing")]
    [InlineData("is damaged: it has 4 bytes", "short")]
    [InlineData("tensor 'head.weight' has shape [3, 32, 1, 1], expected [5, 32, 1, 1]", "clusters")]
    [InlineData("its clusters is 2000000000, expected 1 to 1024", "huge")]
    [InlineData("model.json', which says what the weights beside it are", "card")]
    public async Task A_model_that_cannot_be_used_is_told_in_a_sentence(string told, string defect)
    {
        BadShards.WriteModel(Model);
        Spoil(defect);
        File.WriteAllBytes(_folder["image.png"], BadShards.Image());

        var result = await Product.RunAsync("predict", "--model", _folder["model"], "--input", _folder["image.png"], "--output", _folder["out"]);

        Assert.True(result.Code == 1, result.Told);
        Assert.Contains(told, result.Error, StringComparison.Ordinal);
        Assert.Contains(_folder["model"], result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_takes_images_of_any_kind_with_a_model_of_resized_ones()
    {
        BadShards.WriteModel(Model);
        File.WriteAllText(_folder["model", "config.resolved.yaml"], "flows: [{ use: image.resize, with: { width: 24, height: 16 } }]\n");
        WriteImages();

        var result = await Product.RunAsync("predict", "--model", _folder["model"], "--input", _folder["images"], "--output", _folder["out"]);

        var run = new RunFolder(_folder["out"]);
        Assert.True(result.Code == 3, result.Told);
        Assert.Equal(["images text image.decode image.format"], run.Rejects);
        Assert.Equal(["alpha", "deep", "grey", "rgb", "sub/rgb"], PredictedFiles(run));
        Assert.Equal((16, 24), SizeOf(Path.Combine(run.Path, "predictions", "deep.png")));
        Tidy(result, run);
    }

    [Fact]
    public async Task Label_maps_that_do_not_fit_are_told_one_by_one()
    {
        Directory.CreateDirectory(_folder["truth"]);
        Directory.CreateDirectory(_folder["predicted"]);
        Label("predicted", "fits", "truth", "fits");
        File.WriteAllBytes(_folder["truth", "size.png"], BadShards.Labels(16));
        Label("predicted", "size", "predicted", "alone");
        File.WriteAllBytes(_folder["truth", "rgb.png"], BadShards.Image());
        Label("predicted", "rgb", "truth", "left");

        var result = await Product.RunAsync("evaluate", "--predictions", _folder["predicted"], "--labels", _folder["truth"], "--output", _folder["out"]);

        var run = new RunFolder(_folder["out"]);
        Assert.True(result.Code == 3, result.Told);
        Assert.Equal(
            [
                "predicted alone pairs.read pairs.no_partner", "predicted rgb pairs.decode pairs.bands",
                "predicted size evaluate.hungarian evaluate.size", "truth left pairs.read pairs.no_partner",
            ],
            run.Rejects);
        Assert.Equal(1, (int?)run.Metrics["results"]!["evaluate"]![0]!["images"]);
    }

    [Theory]
    [InlineData("predict", "holds no images")]
    [InlineData("superpixels", "holds no images")]
    [InlineData("shard", "holds no images")]
    [InlineData("evaluate", "holds neither shards nor label maps")]
    public async Task An_empty_folder_is_an_error_that_names_it(string command, string told)
    {
        BadShards.WriteModel(Model);
        Directory.CreateDirectory(_folder["empty"]);
        string[] input = command switch
        {
            "predict" => ["--model", _folder["model"], "--input", _folder["empty"]],
            "superpixels" => ["--input", _folder["empty"]],
            "shard" => ["--images", _folder["empty"]],
            _ => ["--predictions", _folder["empty"], "--labels", _folder["empty"]],
        };

        var result = await Product.RunAsync([command, .. input, "--output", _folder["out"]]);

        Assert.True(result.Code == 1, result.Told);
        Assert.Contains($"folder '{_folder["empty"]}' {told}", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("synth")]
    [InlineData("superpixels")]
    [InlineData("shard")]
    public async Task A_file_in_the_place_of_the_output_is_left_alone(string command)
    {
        WriteImages();
        File.WriteAllText(_folder["taken"], "mine");
        string[] input = command switch { "synth" => ["--count", "1"], "shard" => ["--images", _folder["images"]], _ => ["--input", _folder["images"]] };

        foreach (var output in new[] { _folder["taken"], _folder["taken", "below"] })
        {
            var result = await Product.RunAsync([command, .. input, "--output", output]);

            Assert.True(result.Code == 1, result.Told);
            Assert.Contains($"'{_folder["taken"]}", result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("unexpected", result.Error, StringComparison.Ordinal);
        }

        Assert.Equal("mine", File.ReadAllText(_folder["taken"]));
        Assert.Equal(["images", "taken"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private async Task<(CliRun Result, RunFolder Run)> PredictShardsAsync(params string[] further)
    {
        BadShards.Write(_folder["data"]);
        BadShards.WriteModel(Model);
        File.WriteAllText(_folder["run.yaml"], RunText.Predict(_folder, Model));
        var result = await Product.RunAsync(["run", _folder["run.yaml"], .. further]);
        return (result, new RunFolder(_folder["runs", "bad"]));
    }

    /// <summary>No trace of a stack, and nothing unfinished but a shard that a checkpoint goes on with, under its hidden name.</summary>
    private static void Tidy(CliRun result, RunFolder run)
    {
        Assert.DoesNotContain("   at ", result.Error + result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected", result.Error, StringComparison.Ordinal);
        var goesOn = run.Files.Any(f => f.EndsWith(".checkpoint", StringComparison.Ordinal));
        Assert.All(run.Files.Where(f => f.EndsWith(".part", StringComparison.Ordinal)), f => Assert.True(goesOn && Path.GetFileName(f).StartsWith('.'), f));
    }

    private void Spoil(string defect)
    {
        var card = Path.ChangeExtension(Model, ".json");
        switch (defect)
        {
            case "short":
                File.WriteAllBytes(Model, File.ReadAllBytes(Model)[..4]);
                break;
            case "clusters" or "huge":
                var clusters = defect == "huge" ? "2000000000" : "5";
                File.WriteAllText(card, File.ReadAllText(card).Replace("\"clusters\": 3", $"\"clusters\": {clusters}", StringComparison.Ordinal));
                break;
            default:
                File.Delete(defect == "card" ? card : Model);
                break;
        }
    }

    private void WriteImages()
    {
        Directory.CreateDirectory(_folder["images", "sub"]);
        (string Name, byte[] Bytes)[] images =
        [
            ("rgb.png", BadShards.Image(40, 24)), ("sub/rgb.png", BadShards.Image()), ("text.jpg", "No image."u8.ToArray()),
            ("grey.png", BadShards.Labels(most: 200)), ("deep.png", Png.Grey16(20, 30, new ushort[600])),
            ("alpha.png", Pictures.Encode(".png", Pictures.Texture(24, 24, bands: 4))),
        ];
        Array.ForEach(images, image => File.WriteAllBytes(_folder["images", image.Name], image.Bytes));
    }

    private void Label(params string[] places)
    {
        foreach (var pair in places.Chunk(2))
        {
            File.WriteAllBytes(_folder[pair[0], $"{pair[1]}.png"], BadShards.Labels());
        }
    }

    private static IEnumerable<string> PredictedFiles(RunFolder run) =>
        run.Files.Where(f => f.StartsWith("predictions/", StringComparison.Ordinal)).Select(f => f["predictions/".Length..^".png".Length]);

    private static (int Height, int Width) SizeOf(string file)
    {
        var header = ImageHeader.Read(File.ReadAllBytes(file))!.Value;
        return (header.Height, header.Width);
    }
}
