using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Images;
using InMARS.Stages.Protocols;
using InMARS.Tests.Stages.Images;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Protocols;

public sealed class PotsdamTests : IDisposable
{
    private static readonly Protocol Six = PotsdamDownload.Protocol(Potsdam.Six, Downloads.Tiles);
    private static readonly Protocol Three = PotsdamDownload.Protocol(Potsdam.Three, Downloads.Tiles);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_official_tiles_make_the_crops_of_the_protocol()
    {
        var tiles = PotsdamTiles.Official;

        Assert.Equal((24, 38), (tiles.Labelled.Count, tiles.Labelled.Concat(tiles.Unlabelled).Distinct().Count()));
        Assert.Equal((200, 8550, 5400), (tiles.Crop, 38 * tiles.Grid * tiles.Grid, 24 * tiles.Grid * tiles.Grid));
        Assert.Equal(tiles.Side, 2 * tiles.Grid * tiles.Crop);
    }

    [Fact]
    public void Each_colour_has_its_class()
    {
        var colours = new RgbImage(Pictures.Origin, 1, 6, 3, [255, 255, 255, 0, 0, 255, 0, 255, 255, 0, 255, 0, 255, 255, 0, 255, 0, 0]);

        Assert.Equal([0, 1, 2, 3, 4, 5], Potsdam.Classes(colours, Potsdam.Six).Value().Ids);
        Assert.Equal([0, 1, 2, 2, 0, 1], Potsdam.Classes(colours, Potsdam.Three).Value().Ids);
    }

    [Fact]
    public void Tiles_become_crops_with_keys_and_sets_of_their_own()
    {
        Downloads.Potsdam(_folder);

        var entries = Downloads.Prepare(_folder, Six);

        string[] crops = ["r00_c00", "r00_c01", "r01_c00", "r01_c01"];
        Assert.Equal(
            [
                .. crops.SelectMany(c => new[] { $"labelled-000000/2_10_{c}.png", $"labelled-000000/2_10_{c}.label.png" }),
                .. crops.SelectMany(c => new[] { $"labelled-000000/7_7_{c}.png", $"labelled-000000/7_7_{c}.label.png" }),
                .. crops.Select(c => $"unlabelled-000000/2_13_{c}.png"),
            ],
            entries.Keys);
    }

    [Fact]
    public void Crops_hold_the_means_of_blocks_band_by_band()
    {
        Downloads.Potsdam(_folder);

        var crop = Downloads.Image(Downloads.Prepare(_folder, Six)["labelled-000000/7_7_r01_c00.png"], bands: 4);

        Assert.Equal((4, 4, 4), (crop.Height, crop.Width, crop.Bands));
        Assert.Equal([60, 61, 62, 63], crop.Pixels.Take(4).Select(p => (int)p));
        Assert.Equal([93, 94, 95, 96], crop.Pixels.TakeLast(4).Select(p => (int)p));
    }

    [Fact]
    public void Three_bands_come_from_the_colour_tiles()
    {
        Downloads.Potsdam(_folder);

        var crop = Downloads.Image(Downloads.Prepare(_folder, Six, bands: 3)["labelled-000000/2_10_r00_c00.png"]);

        Assert.Equal([20, 21, 22, 21, 22, 23], crop.Pixels.Take(6).Select(p => (int)p));
    }

    [Theory]
    [InlineData(false, 0, 1, 4, 5)]
    [InlineData(true, 0, 1, 0, 1)]
    public void Label_crops_hold_the_classes_of_their_place(bool merged, params int[] expected)
    {
        Downloads.Potsdam(_folder, "5_Labels_for_participants");

        var entries = Downloads.Prepare(_folder, merged ? Three : Six);

        string[] crops = ["r00_c00", "r00_c01", "r01_c00", "r01_c01"];
        Assert.Equal(expected.Select(id => Enumerable.Repeat(id, 16)), crops.Select(c => Downloads.Ids(entries[$"labelled-000000/2_10_{c}.label.png"])));
    }

    [Fact]
    public void A_colour_of_no_class_is_refused_with_file_and_colour()
    {
        Downloads.Potsdam(_folder);
        Downloads.SaveTruth(_folder, "raw/5_Labels_all/top_potsdam_7_7_label.tif", [255, 255, 255], [0, 0, 255], [252, 255, 0], [255, 0, 0]);

        var refusal = Assert.Throws<RunException>(() => Downloads.Prepare(_folder, Six));

        Assert.Equal(
            $"cannot prepare '{_folder["raw"]}/5_Labels_all/top_potsdam_7_7_label.tif': expected white, blue, cyan, green, yellow or red, found the colour (252, 255, 0) at x 0, y 8",
            refusal.Message);
    }

    [Fact]
    public void Everything_that_is_missing_is_told_at_once()
    {
        Downloads.Potsdam(_folder);
        File.Delete(_folder["raw/4_Ortho_RGBIR/top_potsdam_2_13_RGBIR.tif"]);
        File.Delete(_folder["raw/4_Ortho_RGBIR/top_potsdam_7_7_RGBIR.tif"]);
        Directory.Delete(_folder["raw/5_Labels_all"], recursive: true);

        var refusal = Assert.Throws<RunException>(() => Downloads.Prepare(_folder, Three));

        Assert.Equal(
            $"'{_folder["raw"]}' is not the whole download of potsdam-3; missing: folder '5_Labels_all' or '5_Labels_for_participants', "
            + "'4_Ortho_RGBIR/top_potsdam_7_7_RGBIR.tif', '4_Ortho_RGBIR/top_potsdam_2_13_RGBIR.tif'",
            refusal.Message);
    }

    [Fact]
    public void The_label_of_an_unlabelled_tile_is_not_needed()
    {
        Downloads.Potsdam(_folder);
        File.Delete(_folder["raw/5_Labels_all/top_potsdam_2_13_label.tif"]);

        Assert.Equal(20, Downloads.Prepare(_folder, Six).Count);
    }

    [Fact]
    public void A_tile_of_three_bands_where_four_belong_is_refused()
    {
        Downloads.Potsdam(_folder);
        File.Copy(_folder["raw/2_Ortho_RGB/top_potsdam_2_10_RGB.tif"], _folder["raw/4_Ortho_RGBIR/top_potsdam_2_10_RGBIR.tif"], overwrite: true);

        var refusal = Assert.Throws<RunException>(() => Downloads.Prepare(_folder, Six));

        Assert.Equal($"cannot prepare '{_folder["raw"]}/4_Ortho_RGBIR/top_potsdam_2_10_RGBIR.tif': expected 4 bands, found 3", refusal.Message);
    }

    [Fact]
    public void A_tile_of_another_size_is_refused()
    {
        Downloads.Potsdam(_folder);

        var refusal = Assert.Throws<RunException>(() => Downloads.Prepare(_folder, PotsdamDownload.Protocol(Potsdam.Six, Downloads.Tiles with { Side = 32 })));

        Assert.EndsWith("top_potsdam_2_10_RGBIR.tif': expected 32 x 32 pixels, found 16 x 16", refusal.Message, StringComparison.Ordinal);
    }
}
