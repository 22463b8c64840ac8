using System.Globalization;
using System.Text.Json.Nodes;
using InMARS.Stages.Protocols;
using InMARS.Tests.Stages.Images;
using InMARS.Tests.Stages.Protocols;
using InMARS.Tests.Support;

namespace InMARS.Tests.EndToEnd;

/// <summary>The recipes of the published benchmarks, with their whole network, on a few small images out of made-up downloads.</summary>
[Collection(Alone.Name)]
public sealed class BenchmarkRecipeTests : IDisposable
{
    private const int Side = 32;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("potsdam-6", "potsdam", 6)]
    [InlineData("potsdam-3", "potsdam-3", 3)]
    public async Task A_recipe_of_Potsdam_trains_on_all_crops_and_scores_the_labelled_ones(string recipe, string protocol, int classes)
    {
        var tiles = new PotsdamTiles(["2_10"], ["2_13"], Side: 4 * Side, Grid: 2);
        foreach (var tile in tiles.Labelled.Concat(tiles.Unlabelled))
        {
            Downloads.Save(_folder, $"raw/4_Ortho_RGBIR/top_potsdam_{tile}_RGBIR.tif", Pictures.Encode(".tif", Pictures.Texture(tiles.Side, tiles.Side, bands: 4)));
        }

        var colours = Enumerable.Range(0, tiles.Side * tiles.Side).SelectMany(i => Colour(i % 6)).ToArray();
        Downloads.Save(_folder, "raw/5_Labels_all/top_potsdam_2_10_label.tif", Pictures.Encode(".tif", Pictures.Flat(1, 1, 0, 0, 0) with { Height = tiles.Side, Width = tiles.Side, Pixels = colours }));
        Prepare(PotsdamDownload.Protocol(protocol == "potsdam" ? Potsdam.Six : Potsdam.Three, tiles));

        var metrics = await RunAsync(recipe, $"flows.train.source.with.path={_folder["data"]}/*.tar", $"flows.superpixels.source.with.path={_folder["data"]}/labelled-*.tar", $"flows.pixels.source.with.path={_folder["data"]}/labelled-*.tar");

        Assert.Equal((8, 2), ((int)metrics["items"]!["train"]!["read"]!, (int)metrics["results"]!["train"]![0]!["steps"]!));
        Assert.All(["superpixels", "pixels"], flow => Scored(metrics, flow, classes, images: 4, pixels: 4 * Side * Side));
    }

    [Theory]
    [InlineData("coco-stuff-3", 3, "none")]
    [InlineData("coco-stuff-15", 15, "labels")]
    public async Task A_recipe_of_COCO_trains_on_random_crops_and_scores_centre_crops(string recipe, int classes, string mask)
    {
        for (var i = 0; i < 8; i++)
        {
            // At a third, 30 rows: fewer than the crop has, so that two of them are padding, which is not scored.
            Downloads.Coco(_folder, i < 6 ? "train2017" : "val2017", $"{i:D12}", (91, 130), 105, 96, 148, 105);
        }

        Prepare(CocoDownload.Protocol(classes == 3 ? CocoStuff.Three : CocoStuff.Fifteen, Quirks.None, leastSide: 90));

        string[] sides = [.. new[] { "flows.train.steps.image.crop", "define.test.image.crop" }.SelectMany(s => new[] { $"{s}.with.width={Side}", $"{s}.with.height={Side}" })];
        var metrics = await RunAsync(
            recipe,
            [
                .. sides,
                $"flows.train.steps.collate.with.mask={mask}",
                .. new[] { "train", "superpixels", "pixels" }.Select(flow => $"flows.{flow}.source.with.path={_folder["data"]}/*.tar"),
            ]);

        Assert.Equal(2, (int)metrics["results"]!["train"]![0]!["steps"]!);
        Assert.All(["superpixels", "pixels"], flow => Scored(metrics, flow, classes, images: 8, pixels: 8 * 30 * Side));
    }

    private static void Scored(JsonNode metrics, string flow, int classes, int images, int pixels)
    {
        var scores = metrics["results"]![flow]!.AsArray().Single(r => (string?)r!["stage"] == "evaluate.hungarian")!;
        Assert.Equal(images, (int)metrics["items"]![flow]!["left"]!);
        Assert.Contains($"K = {classes}, C = {classes}", scores.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(pixels.ToString("N0", CultureInfo.InvariantCulture), scores.ToJsonString(), StringComparison.Ordinal);
    }

    private void Prepare(Protocol protocol) =>
        ProtocolShards.Write(protocol, new PreparationRequest(_folder["raw"], []), Directory.CreateDirectory(_folder["data"]).FullName);

    private async Task<JsonNode> RunAsync(string recipe, params string[] settings)
    {
        string[] small =
        [
            .. settings, "run.device=cpu", $"run.output={_folder["runs"]}", $"run.cache={_folder["cache"]}", "flows.train.epochs=1", "flows.train.steps.batch.with.size=4",
        ];
        var run = await Product.RunAsync(["run", Path.Combine(Repository.Root, "tools", "recipes", $"{recipe}.yaml"), .. small.SelectMany(s => new[] { "--set", s })]);

        Assert.True(run.Code == 0, run.Told);
        return new RunFolder(_folder["runs", recipe]).Metrics;
    }

    private static byte[] Colour(int kind) => [Potsdam.Colours[kind].Red, Potsdam.Colours[kind].Green, Potsdam.Colours[kind].Blue];
}
