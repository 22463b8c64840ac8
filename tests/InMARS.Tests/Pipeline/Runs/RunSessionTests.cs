using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Runs;

public sealed class RunSessionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_disk_that_does_not_even_take_the_line_about_it_stops_the_run_and_no_more()
    {
        using var held = RunLock.Take(_folder.Path, _clock, _ => { });
        var plan = RunFiles.Plan(RunFiles.WithSteps("      - {use: toy.refuse, with: {multiples_of: 4}}"));
        var options = new RunOptions(false, _clock) { FreeSpace = _ => throw new IOException("the disk is gone") };
        await using var session = new RunSession(RunDirectory.Make(_folder.Path), held, plan, options, CancellationToken.None)
        {
            Tell = (_, _, _) => throw new RunException("cannot write 'events.jsonl'"),
        };

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(session.Stopping.IsCancellationRequested);
        Assert.Equal("the disk is gone", session.Failure?.Message);
    }
}
