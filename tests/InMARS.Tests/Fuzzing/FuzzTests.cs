using InMARS.Fuzz;
using InMARS.Tests.Support;

namespace InMARS.Tests.Fuzzing;

/// <summary>A slice of what <c>make fuzz</c> tries, in this process.</summary>
public class FuzzTests
{
    private const int Slice = 2000;

    public static TheoryData<string> Names => [.. Targets.All.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Damaged_input_is_read_or_refused_and_nothing_else(string name)
    {
        using var folder = new TemporaryFolder();
        var target = Targets.All.Single(t => t.Name == name);
        var crashes = new List<string>();
        var worker = new Worker(target, 7, folder["record.txt"], (number, e) => crashes.Add($"input {number}: {e}"));
        var count = Slice * target.Share / 100;

        var tally = worker.Run(Tally.Zero(0), count);

        Assert.Empty(crashes);
        Assert.Equal(count, tally.Next);
        Assert.InRange(tally.Faults, 1, count - 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Whole_files_are_read(string name)
    {
        using var scratch = new ScratchFile();
        var target = Targets.All.Single(t => t.Name == name);

        Assert.DoesNotContain(true, target.Corpus.Select(whole => target.Refuses(whole, scratch)));
    }

    [Fact]
    public void An_input_is_the_same_at_every_time_and_another_for_every_number()
    {
        foreach (var target in Targets.All)
        {
            Assert.Equal(target.Input(3, 5), target.Input(3, 5));
            Assert.NotEqual(target.Input(3, 5), target.Input(3, 6));
        }
    }

    [Fact]
    public void The_record_names_the_input_in_hand()
    {
        using var folder = new TemporaryFolder();
        var (record, seen) = (folder["record.txt"], new List<Tally>());
        var target = Targets.All[0] with { Refuses = (_, _) => File.Exists(record) && Seen() };

        var tally = new Worker(target, 1, record, (_, _) => { }).Run(Tally.Zero(10), 13);

        Assert.Equal([10, 11, 12], seen.Select(t => t.Next));
        Assert.Equal((13, 2, 1), (tally.Next, tally.Faults, tally.Crashes));

        bool Seen()
        {
            using var file = new StreamReader(new FileStream(record, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            seen.Add(Tally.Parse(file.ReadToEnd()));
            return seen.Count == 2 ? throw new InvalidOperationException("bug") : true;
        }
    }

    [Fact]
    public void The_shares_of_the_targets_make_a_whole() => Assert.Equal(100, Targets.All.Sum(t => t.Share));
}
