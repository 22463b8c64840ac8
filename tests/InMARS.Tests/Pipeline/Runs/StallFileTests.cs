using InMARS.Cli.Diagnosis;
using InMARS.Pipeline.Runs;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Runs;

public sealed class StallFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualResetEventSlim _gate = new();

    public void Dispose()
    {
        _gate.Set();
        _folder.Dispose();
    }

    [Fact]
    public void A_blocked_method_is_named_once_with_the_threads_that_stand_in_it()
    {
        using var started = new CountdownEvent(2);
        for (var i = 0; i < 2; i++)
        {
            new Thread(() => BlocksUntilTheTestEnds(started)) { IsBackground = true, Name = $"blocked{i}" }.Start();
        }

        started.Wait(TestContext.Current.CancellationToken);
        var told = StallFile.Write(_folder.Path, [], ThreadStacks.Read, StallFile.Patience);

        var paragraph = Assert.Single(Text(1).Split("\n\n"), p => p.Contains($"{nameof(StallFileTests)}.{nameof(BlocksUntilTheTestEnds)} (InMARS.Tests)\n", StringComparison.Ordinal));
        Assert.Equal("the stacks are in stall-1.txt", told);
        Assert.Matches("^[0-9]+ blocked., [0-9]+ blocked.\n", paragraph);
        Assert.Contains("    System.Threading.ManualResetEventSlim.Wait (System.Private.CoreLib)\n", paragraph, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_stall_has_a_file_of_its_own()
    {
        StallFile.Write(_folder.Path, [], () => "first\n", StallFile.Patience);

        Assert.Equal("the stacks are in stall-2.txt", StallFile.Write(_folder.Path, [], () => "second\n", StallFile.Patience));

        Assert.Equal(("Stages\n\n\n\nThreads\n\nfirst\n", "Stages\n\n\n\nThreads\n\nsecond\n"), (Text(1), Text(2)));
    }

    [Fact]
    public void A_program_that_reads_no_stacks_says_so() => Assert.Equal("none: this program does not read them", Threads(null));

    [Fact]
    public void Stacks_that_cannot_be_read_say_why() =>
        Assert.Equal("none: InvalidDataException: no such format", Threads(() => throw new InvalidDataException("no such format")));

    [Fact]
    public void Stacks_that_do_not_come_hold_nothing_up() => Assert.Equal("none: they could not be read within 0 s", Threads(() =>
    {
        _gate.Wait();
        return "";
    }, TimeSpan.Zero));

    [Fact]
    public void A_folder_that_takes_no_file_is_told() =>
        Assert.StartsWith("the stacks could not be written: ", StallFile.Write(_folder["missing"], [], () => "", StallFile.Patience), StringComparison.Ordinal);

    private void BlocksUntilTheTestEnds(CountdownEvent started)
    {
        started.Signal();
        _gate.Wait();
    }

    private string Threads(Func<string>? stacks, TimeSpan? patience = null)
    {
        StallFile.Write(_folder.Path, [], stacks, patience ?? StallFile.Patience);
        return Text(1).Split("Threads\n\n")[1].TrimEnd();
    }

    private string Text(int n) => File.ReadAllText(_folder[$"stall-{n}.txt"]);
}
