using InMARS.Stages.Shards;

namespace InMARS.Tests.Stages.Shards;

public class ShardKeyTests
{
    [Theory]
    [InlineData("0001.jpg", "0001", "jpg")]
    [InlineData("./a/b.c/0001.Label.PNG", "a/b.c/0001", "label.png")]
    [InlineData("__x.jpg", "__x", "jpg")]
    public void Split_ends_the_key_at_the_first_dot_of_the_base_name(string name, string key, string extension) =>
        Assert.Equal((key, extension), ShardKey.Split(name));

    [Theory]
    [InlineData("readme")]
    [InlineData("a/.hidden.png")]
    [InlineData("a.")]
    [InlineData("__meta__/a.jpg")]
    [InlineData("./__index__")]
    public void Split_gives_nothing_for_names_of_no_sample(string name) => Assert.Null(ShardKey.Split(name));

    [Theory]
    [InlineData("0001.jpg", "0001")]
    [InlineData("0001.label.png", "0001")]
    [InlineData("./d/a.b.png", "d/a_b")]
    [InlineData("../../x/a.tif", "x/a")]
    [InlineData("/data/a.tif", "data/a")]
    [InlineData("label.png", "label")]
    public void OfFile_is_fit_to_be_a_key_in_a_shard(string path, string key)
    {
        Assert.Equal(key, ShardKey.OfFile(path));
        Assert.Equal((key, "png"), ShardKey.Split($"{key}.png"));
    }

    [Theory]
    [InlineData("a/b", null)]
    [InlineData("a..b", null)]
    [InlineData("", "is empty")]
    [InlineData("/a", "is absolute")]
    [InlineData("a/../b", "leaves its folder by '..'")]
    [InlineData("a\nb", "holds a control character")]
    public void Unsafe_says_why(string name, string? reason) => Assert.Equal(reason, ShardKey.Unsafe(name));
}
