using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Shards;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Shards;

public sealed class ShardPatternTests : IDisposable
{
    private readonly FakeStageContext _context = new();

    public void Dispose() => _context.Dispose();

    [Theory]
    [InlineData("a.tar", "a.tar")]
    [InlineData("s-{000..002}.tar", "s-000.tar s-001.tar s-002.tar")]
    [InlineData("s-{8..11}", "s-8 s-9 s-10 s-11")]
    [InlineData("s-{3..1}", "s-3 s-2 s-1")]
    [InlineData("{08..10}", "08 09 10")]
    [InlineData("{train,val}-{0..1}", "train-0 train-1 val-0 val-1")]
    [InlineData("x{a,b{1..2},}y", "xay xb1y xb2y xy")]
    [InlineData("{one}-{1..}-{-", "{one}-{1..}-{-")]
    public void Braces_expand_as_in_a_shell(string pattern, string expected) =>
        Assert.Equal(expected.Split(' '), BraceExpansion.Expand(pattern));

    [Fact]
    public void Braces_deeper_than_a_stack_are_refused_by_their_length()
    {
        var e = Assert.Throws<RunException>(() => BraceExpansion.Expand(new string('{', 60_000) + "a,b}"));

        Assert.Equal($"'{new string('{', 60)}...' has 60004 characters; expected at most 4096 in a path", e.Message);
    }

    [Fact]
    public void Braces_that_nest_as_deep_as_a_path_allows_are_expanded() => Assert.Equal(
        1001, BraceExpansion.Expand(string.Concat(Enumerable.Repeat("{", 1000)) + "a" + string.Concat(Enumerable.Repeat(",b}", 1000))).Count);

    [Fact]
    public void Braces_that_stand_for_too_many_shards_are_refused()
    {
        var e = Assert.Throws<RunException>(() => BraceExpansion.Expand("{0..999999999}"));

        Assert.Equal("'{0..999999999}' stands for more than 100000 shards", e.Message);
    }

    [Fact]
    public void Wildcards_give_ordinal_order_and_leave_out_hidden_files()
    {
        var root = Folder("b.tar", "B.tar", "a10.tar", "a2.tar", ".a3.tar.part", ".c.tar", "x.txt");

        Assert.Equal(["B.tar", "a10.tar", "a2.tar", "b.tar"], Names(ShardPattern.Expand([$"{root}/*.tar"])));
        Assert.Equal(["a2.tar"], Names(ShardPattern.Expand([$"{root}/a?.tar"])));
    }

    [Fact]
    public void Wildcards_may_stand_in_folders_too()
    {
        var root = Folder("v/2.tar", "t/1.tar", "t/3.tar");

        Assert.Equal(["1.tar", "3.tar", "2.tar"], Names(ShardPattern.Expand([$"{root}/*/*.tar"])));
    }

    [Fact]
    public void A_folder_stands_for_all_shards_in_it()
    {
        var root = Folder("c.tar.zst", "a.tgz", "b.tar.gz", "d.tar", "readme.md", "e.zip");

        Assert.Equal(["a.tgz", "b.tar.gz", "c.tar.zst", "d.tar"], Names(ShardPattern.Expand([root])));
    }

    [Fact]
    public void A_list_keeps_its_order_and_names_each_shard_once()
    {
        var root = Folder("a.tar", "b.tar");

        Assert.Equal(["b.tar", "a.tar"], Names(ShardPattern.Expand([$"{root}/b.tar", $"{root}/*.tar"])));
    }

    [Fact]
    public void Nothing_that_matches_names_the_pattern_and_the_folder()
    {
        var root = Folder("a.txt");

        Assert.Equal($"no shard matches '{root}/*.tar'; looked in folder '{root}'", Message($"{root}/*.tar"));
        Assert.Equal($"no shard matches '{root}/{{0..3}}.tar'; looked in folder '{root}'", Message($"{root}/{{0..3}}.tar"));
        Assert.Equal($"no shard matches '{root}/none/*.tar': there is no folder '{root}/none'", Message($"{root}/none/*.tar"));
        Assert.Equal($"folder '{root}' holds no shards; expected files that end in .tar, .tar.gz, .tgz, .tar.zst", Message(root));
    }

    [Fact]
    public void An_alternative_with_wildcards_that_matches_nothing_is_not_passed_over()
    {
        var root = Folder("train-0.tar");

        Assert.Equal($"no shard matches '{root}/{{train,val}}-*.tar'; looked in folder '{root}'", Message($"{root}/{{train,val}}-*.tar"));
    }

    [Fact]
    public void Path_of_shard_read_is_text_or_a_list_of_text()
    {
        var errors = new[] { "path: []", "path: [{}]", "paths: a" }.Select(Errors);

        Assert.Equal("a.tar|b.tar", string.Join('|', Read("path: [a.tar, b.tar]")!));
        Assert.Equal(["a.tar"], Read("path: a.tar")!);
        Assert.Equal(
            ["path: expected text or list of text, found an empty list", "path[0]: expected text, found a map of 0 keys", "path: expected text or list of text, found nothing"],
            errors);
    }

    private static IReadOnlyList<string>? Read(string yaml) => Decoded(yaml).Match(v => v, _ => null!);

    private static string Errors(string yaml) => Decoded(yaml).Match(_ => "", errors => $"{errors[0].Path}: {errors[0].Message}");

    private static Validated<IReadOnlyList<string>> Decoded(string yaml) =>
        Fields.Read(new ConfigNode(YamlText.Parse(yaml), "", ConfigFile.Empty), f => f.Require("path", ShardPattern.Decoder, ""));

    private static string Message(string pattern) => Assert.Throws<RunException>(() => ShardPattern.Expand([pattern])).Message;

    private static IEnumerable<string> Names(IEnumerable<string> paths) => paths.Select(p => Path.GetFileName(p)!);

    private string Folder(params string[] names)
    {
        foreach (var name in names)
        {
            File.WriteAllText(_context.PathInRun(["in", .. name.Split('/')]), "");
        }

        return _context.PathInRun("in");
    }
}
