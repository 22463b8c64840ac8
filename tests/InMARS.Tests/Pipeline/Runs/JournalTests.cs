using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Pipeline.Stages;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Runs;

public sealed class JournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public JournalTests() => Directory.CreateDirectory(_folder.Path);

    private string File => _folder["flow-label.journal"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_mark_gives_the_lists_as_they_were_then()
    {
        var marks = new List<JournalMark>();
        using (var journal = Journal.Begin(_folder.Path, "label"))
        {
            marks.Add(journal.Add(Lists([], [])));
            marks.Add(journal.Add(Lists(["a"], [])));
            marks.Add(journal.Add(Lists(["a"], [])));
            marks.Add(journal.Add(Lists(["a", "b\n#c"], ["d"])));
        }

        Assert.Equal([("", ""), ("a", ""), ("a", ""), ("a,b\n#c", "d")], marks.Select(Read));
    }

    [Fact]
    public void A_list_costs_what_it_has_grown_by()
    {
        using var journal = Journal.Begin(_folder.Path, "label");
        var items = Enumerable.Range(0, 1000).Select(i => $"shard {i:D6}").ToArray();

        var lengths = Enumerable.Range(0, 1001).Select(n => journal.Add(Lists(items[..n], [])).Bytes).ToList();

        Assert.Single(lengths.Skip(1).Zip(lengths.Skip(2), (before, after) => after - before).Distinct());
    }

    [Fact]
    public void Going_on_from_a_mark_writes_over_what_came_behind_it()
    {
        JournalMark mark;
        using (var first = Journal.Begin(_folder.Path, "label"))
        {
            mark = first.Add(Lists(["a"], []));
            first.Add(Lists(["a", "lost"], ["lost"]));
        }

        using var second = Journal.Resume(_folder.Path, "label", mark);
        var now = second.Add(Lists(["a", "b"], ["c"]));

        Assert.Equal(("a,b", "c"), Read(now));
        Assert.Equal(now.Bytes, new FileInfo(File).Length);
        Assert.Equal(("a", ""), Read(mark));
    }

    [Fact]
    public void One_that_begins_anew_holds_nothing_of_the_old_one()
    {
        using (var first = Journal.Begin(_folder.Path, "label"))
        {
            first.Add(Lists(["old", "old"], ["old"]));
        }

        using var second = Journal.Begin(_folder.Path, "label");

        Assert.Equal(("new", ""), Read(second.Add(Lists(["new"], []))));
    }

    [Fact]
    public void Damage_before_the_mark_is_told()
    {
        using var journal = Journal.Begin(_folder.Path, "label");
        var mark = journal.Add(Lists(["a", "b"], []));
        var bytes = System.IO.File.ReadAllBytes(File);
        bytes[^3] ^= 1;
        System.IO.File.WriteAllBytes(File, bytes);

        Assert.Equal($"'{File}' is damaged: its checksum is not that of the checkpoint", Assert.Throws<RunException>(() => Read(mark)).Message);
        System.IO.File.WriteAllBytes(File, bytes[..^1]);
        Assert.Equal($"'{File}' is damaged: its checksum is not that of the checkpoint", Assert.Throws<RunException>(() => Journal.Resume(_folder.Path, "label", mark)).Message);
        System.IO.File.Delete(File);
        Assert.StartsWith($"cannot read '{File}': ", Assert.Throws<RunException>(() => Read(mark)).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyDictionary<string, GrowingEntry> Lists(string[] one, string[] other)
    {
        var state = StateArchive.Save();
        state.Added("one", one);
        state.Within("of").Added("other", other);
        return state.Growing;
    }

    private (string One, string Other) Read(JournalMark mark)
    {
        var state = StateArchive.Load(Journal.Entries(_folder.Path, "label", mark));
        return (string.Join(',', state.Added<string>("one", [])), string.Join(',', state.Within("of").Added<string>("other", [])));
    }
}
