using InMARS.Pipeline.Stages;
using InMARS.Stages.Shards;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Shards;

/// <summary>A file in the hands of somebody else fails as one on a share that is away does.</summary>
public sealed class ReadingTests
{
    [Theory]
    [InlineData("shard")]
    [InlineData("folder")]
    [InlineData("list")]
    public async Task A_file_that_comes_back_is_read(string source)
    {
        FileStream? held = null;
        using var context = new FakeStageContext
        {
            Again = (_, _) =>
            {
                held!.Dispose();
                return true;
            },
        };
        var read = Prepare(context, source, out var file);
        held = Hold(file);

        var items = await read.ReadAsync(context);

        Assert.Equal(["a"], items.Select(i => i.Told()));
    }

    [Theory]
    [InlineData("shard", "!shard.unreadable")]
    [InlineData("folder", "a!file.unreadable")]
    [InlineData("list", "a!file.unreadable")]
    public async Task One_that_does_not_is_told_with_its_attempts(string source, string told)
    {
        using var context = new FakeStageContext { Again = (_, attempt) => attempt < 3 };
        var read = Prepare(context, source, out var file);
        using var held = Hold(file);

        var items = await read.ReadAsync(context);

        Assert.Equal((told, 3), (Assert.Single(items).Told(), items[0].Fault().Attempts));
    }

    private static Source<Sample> Prepare(FakeStageContext context, string source, out string file)
    {
        file = source == "shard" ? context.Save("a.tar", Tars.Of("a.png")) : context.Save("images/a.png", [1]);
        return source switch
        {
            "shard" => ShardSource.Of(new ShardReadOptions([file])),
            "folder" => FolderSource.Of(new FolderReadOptions(context.PathInRun("images"))),
            _ => ListSource.Of(new ListReadOptions(context.Save("list.csv", "image,key\nimages/a.png,a\n"u8.ToArray()))),
        };
    }

    private static FileStream Hold(string file) => new(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
}
