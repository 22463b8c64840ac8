using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Protocols;
using InMARS.Tests.Stages.Images;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Protocols;

public sealed class CamVidDownloadTests : IDisposable
{
    private static readonly Protocol CamVid = Protocol.All.Single(p => p.Name == "camvid");
    private readonly TemporaryFolder _folder = new();

    public CamVidDownloadTests()
    {
        foreach (var (set, name) in new[] { ("train", "0001TP_1"), ("val", "0016E5_2"), ("test", "Seq05VD_3") })
        {
            Downloads.Save(_folder, $"raw/images/{name}.jpg", Pictures.Encode(".jpg", Pictures.Flat(4, 6, 90, 80, 70)));
            SaveMap(name, 10);
            File.WriteAllText(_folder[$"raw/{set}.txt"], $"{name}\n");
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_are_packed_as_they_are_by_their_splits()
    {
        var entries = Downloads.Prepare(_folder, CamVid);

        Assert.Equal(
            ["test-000000/Seq05VD_3.jpg", "test-000000/Seq05VD_3.label.png", "train-000000/0001TP_1.jpg", "train-000000/0001TP_1.label.png", "val-000000/0016E5_2.jpg", "val-000000/0016E5_2.label.png"],
            entries.Keys);
        Assert.Equal(File.ReadAllBytes(_folder["raw/images/0001TP_1.jpg"]), entries["train-000000/0001TP_1.jpg"]);
        Assert.Equal(File.ReadAllBytes(_folder["raw/labels/0001TP_1.png"]), entries["train-000000/0001TP_1.label.png"]);
    }

    [Fact]
    public void A_list_takes_the_place_of_the_splits()
    {
        File.WriteAllText(_folder["mine.txt"], "0016E5_2\n");
        File.Delete(_folder["raw/train.txt"]);

        Assert.Equal(["listed-000000/0016E5_2.jpg", "listed-000000/0016E5_2.label.png"], Downloads.Prepare(_folder, CamVid, lists: _folder["mine.txt"]).Keys);
    }

    [Fact]
    public void Everything_that_is_missing_is_told_at_once()
    {
        File.Delete(_folder["raw/test.txt"]);
        File.Delete(_folder["raw/images/0001TP_1.jpg"]);
        File.Delete(_folder["raw/labels/0016E5_2.png"]);

        var refusal = Assert.Throws<RunException>(() => Downloads.Prepare(_folder, CamVid));

        Assert.Equal(
            $"'{_folder["raw"]}' is not the whole download of camvid; missing: list '{_folder["raw", "test.txt"]}', 'images/0001TP_1.*', 'labels/0016E5_2.png'",
            refusal.Message);
    }

    [Fact]
    public void An_id_of_no_class_is_refused()
    {
        SaveMap("Seq05VD_3", 11);

        var refusal = Assert.Throws<RunException>(() => Downloads.Prepare(_folder, CamVid));

        Assert.EndsWith("Seq05VD_3.png': expected ids of 0 to 10, or 255, found 11 at x 1, y 0", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_splits_beside_this_repository_hold_all_701_images()
    {
        var data = Repository.Data("camvid");

        var plan = CamVid.Open(new PreparationRequest(data, []));

        Assert.Equal("701 images of train.txt, val.txt and test.txt, as they are", plan.Rule);
        Assert.Equal(("train", "0001TP_006690", "jpg"), plan.Images.Select(i => (i.Set, i.Key, i.Extension)).First());
    }

    private void SaveMap(string name, byte second) =>
        Downloads.Save(_folder, $"raw/labels/{name}.png", Pictures.Encode(".png", 4, 6, [0, second, 255, .. Enumerable.Repeat((byte)3, 21)]));
}
