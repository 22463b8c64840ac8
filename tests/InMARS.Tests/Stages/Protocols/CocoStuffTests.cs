using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Images;
using InMARS.Stages.Protocols;
using InMARS.Tests.Stages.Images;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Protocols;

public sealed class CocoStuffTests : IDisposable
{
    private const byte Person = 0;
    private const byte Bush = 96;
    private const byte Clouds = 105;
    private const byte Road = 148;
    private const byte Wood = 181;
    private const byte Unlabelled = 255;
    private static readonly Protocol Fifteen = CocoDownload.Protocol(CocoStuff.Fifteen, Quirks.None, leastSide: 24);
    private static readonly Protocol Three = CocoDownload.Protocol(CocoStuff.Three, Quirks.UnlabelledIsSky, leastSide: 24);
    private readonly TemporaryFolder _folder = new();

    public CocoStuffTests()
    {
        Downloads.Coco(_folder, "train2017", "000000000009", (24, 40), Clouds, Bush, Road, Person);
        Downloads.Coco(_folder, "train2017", "000000000025", (24, 40), Wood, Wood, Clouds, Unlabelled);
        Downloads.Coco(_folder, "val2017", "000000000139", (30, 24), Clouds, Bush, Unlabelled, Road);
        Downloads.Coco(_folder, "val2017", "000000000285", (23, 40), Clouds, Clouds, Clouds, Clouds);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_table_of_fine_classes_is_the_curated_one()
    {
        var rows = File.ReadLines(Path.Combine(Repository.Data("iic_curated"), "coco_fine_to_coarse.csv")).Skip(1).Select(line => byte.Parse(line.Split(',')[2], null));

        Assert.Equal(rows, CocoStuff.CoarseOf);
    }

    [Fact]
    public void Fine_ids_become_the_classes_of_each_task()
    {
        var stored = new LabelMap(1, 6, [Clouds, Bush, Road, Person, Wood, Unlabelled]);

        Assert.Equal([11, 10, 9, LabelMap.Ignore, 12, LabelMap.Ignore], CocoStuff.Classes(stored, CocoStuff.Fifteen, Quirks.None).Value().Ids);
        Assert.Equal([0, 1, 2, LabelMap.Ignore, LabelMap.Ignore, LabelMap.Ignore], CocoStuff.Classes(stored, CocoStuff.Three, Quirks.None).Value().Ids);
    }

    [Fact]
    public void The_quirk_makes_unlabelled_pixels_sky_and_no_other_ones()
    {
        var stored = new LabelMap(1, 4, [Unlabelled, Person, Wood, Bush]);

        Assert.Equal([0, LabelMap.Ignore, LabelMap.Ignore, 1], CocoStuff.Classes(stored, CocoStuff.Three, Quirks.UnlabelledIsSky).Value().Ids);
    }

    [Fact]
    public void Every_class_of_a_task_has_a_name() =>
        Assert.Equal((15, 15, 3, 3), (CocoStuff.Fifteen.Coarse.Count, CocoStuff.Fifteen.Classes.Count, CocoStuff.Three.Coarse.Count, CocoStuff.Three.Classes.Count));

    [Theory]
    [InlineData(360, 360, 75, true)]
    [InlineData(360, 360, 74, false)]
    [InlineData(359, 400, 100, false)]
    [InlineData(400, 359, 100, false)]
    public void An_image_is_wanted_by_its_sides_and_its_share_of_classes(int height, int width, int percent, bool wanted)
    {
        var ids = Enumerable.Range(0, height * width).Select(i => (ushort)(i * 100L < (long)percent * height * width ? Clouds : Person)).ToArray();

        Assert.Equal(wanted, CocoStuff.IsWanted(new LabelMap(height, width, ids), CocoStuff.Three));
    }

    [Fact]
    public void Without_a_list_the_rule_chooses()
    {
        Assert.Equal(["train2017-000000/000000000009", "val2017-000000/000000000139"], Keys(Downloads.Prepare(_folder, Three)));
    }

    [Fact]
    public void Things_and_unlabelled_pixels_do_not_count_for_the_rule()
    {
        Assert.Equal(["train2017-000000/000000000009", "train2017-000000/000000000025", "val2017-000000/000000000139"], Keys(Downloads.Prepare(_folder, Fifteen)));
    }

    [Fact]
    public void A_list_chooses_instead_of_the_rule()
    {
        File.WriteAllText(_folder["list.txt"], "000000000285\n000000000025\n");

        Assert.Equal(["train2017-000000/000000000025", "val2017-000000/000000000285"], Keys(Downloads.Prepare(_folder, Three, lists: _folder["list.txt"])));
    }

    [Fact]
    public void A_folder_of_lists_holds_one_for_each_set()
    {
        Downloads.Save(_folder, "curated/train2017/Coco164kFew_Stuff_6.txt", "000000000009\n"u8.ToArray());
        Downloads.Save(_folder, "curated/val2017/Coco164kFew_Stuff_6.txt", "000000000285\n"u8.ToArray());

        Assert.Equal(["train2017-000000/000000000009", "val2017-000000/000000000285"], Keys(Downloads.Prepare(_folder, Three, lists: _folder["curated"])));
    }

    [Fact]
    public void Images_and_maps_shrink_to_a_third_by_the_factor()
    {
        var entries = Downloads.Prepare(_folder, Three);

        var image = Downloads.Image(entries["train2017-000000/000000000009.png"]);
        Assert.Equal((8, 13), (image.Height, image.Width));
        Assert.All(image.Pixels.Chunk(3), p => Assert.True(Math.Abs(p[0] - 200) < 4 && Math.Abs(p[1] - 100) < 4 && Math.Abs(p[2] - 50) < 4));
        // OpenCV takes pixel floor(x / 0.33) of the column: 0, 3, 6, 9, 12, 15, ... of quarters of 10.
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 255, 255, 255], Downloads.Ids(entries["train2017-000000/000000000009.label.png"]).Take(13));
    }

    [Fact]
    public void Everything_that_is_missing_is_told_at_once()
    {
        File.WriteAllText(_folder["list.txt"], "000000000009\n000000000139\n000000000777\n");
        File.Delete(_folder["raw/train2017/000000000009.jpg"]);
        File.Delete(_folder["raw/stuffthingmaps_trainval2017/val2017/000000000139.png"]);

        var refusal = Assert.Throws<RunException>(() => Downloads.Prepare(_folder, Three, lists: _folder["list.txt"]));

        Assert.Equal(
            $"'{_folder["raw"]}' is not the whole download of coco-stuff-3; missing: 'train2017/000000000009.jpg', "
            + "'stuffthingmaps_trainval2017/val2017/000000000139.png', "
            + $"'train2017' or 'val2017' image 000000000777 of {_folder["list.txt"]}:3",
            refusal.Message);
    }

    [Fact]
    public void Missing_folders_are_told_by_both_names_that_they_may_have()
    {
        Directory.Delete(_folder["raw/train2017"], recursive: true);
        Directory.Delete(_folder["raw/stuffthingmaps_trainval2017"], recursive: true);

        var refusal = Assert.Throws<RunException>(() => Downloads.Prepare(_folder, Fifteen));

        Assert.EndsWith(
            "missing: folder 'train2017' or 'images/train2017', folder 'stuffthingmaps_trainval2017/train2017' or 'annotations/train2017', "
            + "folder 'stuffthingmaps_trainval2017/val2017' or 'annotations/val2017'",
            refusal.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_listed_twice_is_refused()
    {
        File.WriteAllText(_folder["list.txt"], "000000000009\n\n000000000009\n");

        var refusal = Assert.Throws<RunException>(() => Downloads.Prepare(_folder, Three, lists: _folder["list.txt"]));

        Assert.Equal($"{_folder["list.txt"]}:3: image '000000000009' stands in {_folder["list.txt"]}:1 already; expected each once", refusal.Message);
    }

    [Fact]
    public void An_id_beyond_the_fine_classes_is_refused()
    {
        Downloads.Coco(_folder, "val2017", "000000000300", (24, 40), Clouds, 182);

        var refusal = Assert.Throws<RunException>(() => Downloads.Prepare(_folder, Three));

        Assert.EndsWith("val2017/000000000300.png': expected ids of 0 to 181, or 255, found 182 at x 20, y 0", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_download_without_a_wanted_image_is_refused()
    {
        var refusal = Assert.Throws<RunException>(() => Downloads.Prepare(_folder, CocoDownload.Protocol(CocoStuff.Three, Quirks.None)));

        Assert.Equal($"'{_folder["raw"]}' holds no image that coco-stuff-3 wants: images with both sides of 360 pixels or more and at least 75 % of wanted pixels", refusal.Message);
    }

    private static IEnumerable<string> Keys(Dictionary<string, byte[]> entries) =>
        entries.Keys.Where(k => !k.EndsWith(".label.png", StringComparison.Ordinal)).Select(k => k[..^".png".Length]);
}
