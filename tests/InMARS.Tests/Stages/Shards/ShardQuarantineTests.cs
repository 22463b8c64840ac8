using System.Text;
using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Shards;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Shards;

public sealed class ShardQuarantineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_json_of_an_item_says_where_it_came_from_and_what_was_wrong()
    {
        Write(quarantine => quarantine.Add(Item("0001", offset: 1536)));

        Assert.Equal(
            """
            {
              "shard": "data/a.tar",
              "key": "0001",
              "offset": 1536,
              "flow": "predict",
              "epoch": 0,
              "stage": "image.decode",
              "code": "label.unknown_id",
              "message": "label id 77 is unknown; expected 'ä' or <b>",
              "attempt": 1
            }

            """,
            Encoding.UTF8.GetString(Files["0001.json"]));
    }

    [Fact]
    public void An_item_that_cannot_be_read_again_is_there_with_a_note()
    {
        Write(quarantine => quarantine.Add(Item("0001") with { Original = null }));

        Assert.Equal(["0001.json"], Files.Keys);
        Assert.Equal("the source of this flow does not read single items again", Told.Records("predict")[0].Note);
    }

    [Fact]
    public void A_json_of_the_item_itself_stays_beside_the_record()
    {
        Write(quarantine => quarantine.Add(Item("0001", files: [new("jpg", [1]), new("json", [2])])));

        Assert.Equal(["0001.jpg", "0001.sample.json", "0001.json"], Files.Keys);
        Assert.Equal([2], Files["0001.sample.json"]);
    }

    [Theory]
    [InlineData("/etc/x.png", "etc_x_png")]
    [InlineData("../../up", "up")]
    [InlineData("a\nb", "a_b")]
    [InlineData("a.b", "a_b")]
    [InlineData("", "shard_a_tar")]
    [InlineData("..", "item")]
    public void A_key_that_cannot_be_a_name_has_another_one(string key, string name)
    {
        Write(quarantine => quarantine.Add(Item(key)));

        Assert.Equal([$"{name}.png", $"{name}.json"], Files.Keys);
        Assert.Equal(key, Told.Records("predict")[0].Key);
    }

    [Fact]
    public void Keys_that_several_shards_have_are_numbered()
    {
        Write(quarantine =>
        {
            quarantine.Add(Item("0001"));
            quarantine.Add(Item("0001") with { Origin = new Origin("data/b.tar", "0001") });
            quarantine.Add(Item("0001", place: "7"));
        });

        Assert.Equal(["0001.json", "0001-2.json", "0001-3.json"], Files.Keys.Where(k => k.EndsWith("json", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_item_is_there_once_with_what_was_said_first()
    {
        Write(quarantine =>
        {
            quarantine.Add(Item("0001"));
            quarantine.Add(Item("0001") with { Epoch = 1, Stage = "learn" });
        });

        Assert.Equal("image.decode", Assert.Single(Told.Records("predict")).Stage);
    }

    [Fact]
    public void A_full_tar_is_followed_by_a_numbered_one()
    {
        Write(quarantine => Array.ForEach(["a", "b", "c"], key => quarantine.Add(Item(key))));

        Assert.Equal(["predict+2.tar", "predict.tar"], Directory.GetFiles(_folder["q"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["a.png", "a.json", "b.png", "b.json", "c.png", "c.json"], Files.Keys);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void One_that_goes_on_from_a_checkpoint_has_the_same_bytes(int saved)
    {
        string[] keys = ["a", "b", "c", "d"];
        Write(quarantine => Array.ForEach(keys, key => quarantine.Add(Item(key))));
        var expected = Snapshot();
        var state = StateArchive.Save();
        using (var first = Open(null))
        {
            Array.ForEach(keys[..saved], key => first.Add(Item(key)));
            first.Carry(state);
            Array.ForEach(keys[saved..], key => first.Add(Item($"{key}{key}")));
            first.Commit();
        }

        using (var second = Open(StateArchive.Load(state.Entries)))
        {
            Array.ForEach(keys[saved..], key => second.Add(Item(key)));
            second.Commit();
        }

        Assert.Equal(expected, Snapshot());
    }

    [Fact]
    public void A_flow_that_begins_anew_begins_with_nothing()
    {
        Write(quarantine => Array.ForEach(["a", "b", "c"], key => quarantine.Add(Item(key))));

        Write(_ => { });

        Assert.Empty(Directory.GetFiles(_folder["q"]));
    }

    private QuarantineFolder Told => new(_folder["q"]);

    private IReadOnlyDictionary<string, byte[]> Files => Told.Files("predict");

    private ShardQuarantine Open(StateArchive? from) => ShardQuarantine.Open(_folder["q"], "predict", from, most: 500);

    private void Write(Action<ShardQuarantine> write)
    {
        using var quarantine = Open(null);
        write(quarantine);
        quarantine.Commit();
    }

    private string[] Snapshot() =>
        [.. Directory.GetFiles(_folder["q"]).Order(StringComparer.Ordinal).Select(f => $"{Path.GetFileName(f)} {Convert.ToHexString(File.ReadAllBytes(f))}")];

    private static Reject Item(string key, string place = "0", long? offset = null, OriginalFile[]? files = null) => new(
        "predict", "image.decode", new Origin("data/a.tar", key), 0, 0, new Fault("label.unknown_id", "label id 77 is unknown; expected 'ä' or <b>"))
    {
        Original = new Original(place, offset, () => new OriginalItem(files ?? [new OriginalFile("png", Tars.Body(key))], null)),
    };
}
