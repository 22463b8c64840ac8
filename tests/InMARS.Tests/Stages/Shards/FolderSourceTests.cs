using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Shards;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Shards;

public sealed class FolderSourceTests : IDisposable
{
    private readonly FakeStageContext _context = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task Images_come_with_the_label_maps_of_their_names()
    {
        Save("images/b.JPG", "images/a.png", "images/c.tif", "images/notes.txt", "images/.h.jpg", "images/sub/d.jpg");
        Save("labels/a.tif", "labels/b.label.png", "labels/z.png");
        var options = new FolderReadOptions(At("images"), At("labels"));

        var items = await FolderSource.Of(options).ReadAsync(_context);

        Assert.Equal(["a", "b", "c"], items.Select(i => i.Told()));
        Assert.Equal(["a.png", "b.JPG", "c.tif"], items.Select(i => i.Value().ImageName));
        Assert.Equal([Tars.Body("labels/a.tif"), Tars.Body("labels/b.label.png"), null], items.Select(i => i.Value().Label?.ToArray()));
        Assert.Equal(At("images"), items[0].Origin.Shard);
        Assert.Equal(3, await FolderSource.Of(options).Count(_context, TestContext.Current.CancellationToken));
        Assert.Equal($"1 label maps in '{At("labels")}' have no image; the first is 'z.png'", Assert.Single(_context.Logged).Message);
    }

    [Fact]
    public async Task Folders_within_are_part_of_the_keys_when_they_are_read()
    {
        Save("images/a.jpg", "images/v1.0/a.b.jpg", "labels/v1.0/a.b.png");

        var items = await FolderSource.Of(new FolderReadOptions(At("images"), At("labels"), Recursive: true)).ReadAsync(_context);

        Assert.Equal(["a", "v1.0/a_b"], items.Select(i => i.Told()));
        Assert.Equal(Tars.Body("labels/v1.0/a.b.png"), items[1].Value().Label?.ToArray());
    }

    [Fact]
    public async Task Links_to_folders_are_not_followed_so_that_folders_in_a_circle_end()
    {
        Save("images/a.jpg", "images/b/c.jpg");
        Directory.CreateSymbolicLink(At("images/one"), At("images"));
        Directory.CreateSymbolicLink(At("images/b/two"), At("images"));
        File.CreateSymbolicLink(At("images/d.jpg"), At("images/a.jpg"));

        var items = await FolderSource.Of(new FolderReadOptions(At("images"), Recursive: true)).ReadAsync(_context);

        Assert.Equal(["a", "b/c", "d"], items.Select(i => i.Told()));
    }

    [Fact]
    public async Task One_image_may_be_named_instead_of_a_folder()
    {
        Save("images/a.jpg", "images/b.jpg", "labels/a.png", "labels/b.png");

        var items = await FolderSource.Of(new FolderReadOptions(At("images/b.jpg"), At("labels"), Recursive: true)).ReadAsync(_context);

        Assert.Equal("b", Assert.Single(items).Told());
        Assert.Equal(Tars.Body("labels/b.png"), items[0].Value().Label?.ToArray());
    }

    [Fact]
    public async Task Images_and_label_maps_may_share_a_folder()
    {
        Save("d/a.jpg", "d/a.png", "d/b.png", "d/b.label.png");

        var items = await FolderSource.Of(new FolderReadOptions(At("d"), At("d"))).ReadAsync(_context);

        Assert.Equal(["a.jpg", "b.png"], items.Select(i => i.Value().ImageName));
        Assert.Equal([Tars.Body("d/a.png"), Tars.Body("d/b.label.png")], items.Select(i => i.Value().Label?.ToArray()));
    }

    [Fact]
    public async Task Files_that_cannot_be_used_are_faults()
    {
        Save("images/a.jpg", "images/a.webp", "images/c.jpg", "images/d.jpg", "labels/c.png", "labels/c.bmp");
        _context.Save("images/b.jpg", []);
        _context.Save("images/e.jpg", new byte[(1 << 20) + 1]);
        File.CreateSymbolicLink(At("images/f.jpg"), At("nowhere.jpg"));

        var items = await FolderSource.Of(new FolderReadOptions(At("images"), At("labels"), MaxFileMb: 1)).ReadAsync(_context);

        Assert.Equal(
            ["a", "a!folder.duplicate_key", "b!file.empty", "c!folder.duplicate_key", "d", "e!file.too_large", "f!file.unreadable"],
            items.Select(i => i.Told()));
        Assert.Equal("'a.webp' has the same key as 'a.jpg'; expected one image for 'a'", items[1].Fault().Message);
        Assert.Equal("'c.bmp' and 'c.png' have the same key; expected one label map for 'c'", items[3].Fault().Message);
        Assert.Equal($"there is no file '{At("images/f.jpg")}'", items[6].Fault().Message);
    }

    [Fact]
    public async Task Reading_from_a_position_gives_the_rest_of_the_shuffled_epoch()
    {
        Save([.. Enumerable.Range(10, 20).Select(i => $"images/{i}.jpg")]);
        var source = FolderSource.Of(new FolderReadOptions(At("images"), Shuffle: true));

        var full = (await source.ReadAsync(_context, epoch: 2)).Select(i => i.Told()).ToList();

        Assert.Equal(full.Skip(7), (await source.ReadAsync(_context, epoch: 2, position: 7)).Select(i => i.Told()));
        Assert.Equal(Enumerable.Range(10, 20).Select(i => $"{i}"), full.Order());
        Assert.NotEqual(full.Order(), full);
        Assert.NotEqual(full, (await source.ReadAsync(_context)).Select(i => i.Told()));
    }

    [Fact]
    public async Task A_folder_without_images_stops_the_run()
    {
        Save("images/readme.txt");

        Assert.Equal($"folder '{At("images")}' holds no images", await Message(new FolderReadOptions(At("images"))));
        Assert.Equal($"there is no folder '{At("none")}'", await Message(new FolderReadOptions(At("none"))));
        Assert.Equal($"there is no folder '{At("none")}'", await Message(new FolderReadOptions(At("images"), At("none"))));
    }

    private async Task<string> Message(FolderReadOptions options) =>
        (await Assert.ThrowsAsync<RunException>(() => FolderSource.Of(options).ReadAsync(_context))).Message;

    private string At(string name) => Path.Combine(_context.Run.Directory, name);

    private void Save(params string[] names)
    {
        foreach (var name in names)
        {
            _context.Save(name, Tars.Body(name));
        }
    }
}
