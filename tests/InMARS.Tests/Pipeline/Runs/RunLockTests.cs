using System.Diagnostics;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Runs;

public sealed class RunLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly List<string> _told = [];

    private string Lock => _folder["lock"];

    [Fact]
    public void A_lock_is_there_while_it_is_held_and_gone_afterwards()
    {
        using (Take())
        {
            Assert.Equal(Environment.ProcessId, RunLock.Holder(_folder.Path, _clock)?.Pid);
        }

        Assert.False(File.Exists(Lock));
        Assert.Null(RunLock.Holder(_folder.Path, _clock));
        Assert.Empty(_told);
    }

    [Fact]
    public void A_living_lock_is_refused_however_old_its_heartbeat()
    {
        using var child = Child();
        Write(ProcessIdentity.Of(child.Id)!, "box");
        File.SetLastWriteTimeUtc(Lock, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        var e = Assert.Throws<RunException>(Take);

        Kill(child);
        Assert.Equal($"the run directory '{_folder.Path}' is held by process {child.Id} on host 'box', since 2026-11-22 18:00:00; wait until that run ends, or stop it first", e.Message);
    }

    [Fact]
    public void The_lock_of_a_killed_process_is_taken_over_and_told()
    {
        using var child = Child();
        Write(ProcessIdentity.Of(child.Id)!, "box");
        Kill(child);

        using var taken = Take();

        Assert.Equal([$"took over '{_folder.Path}' from process {child.Id} on host 'box', since 2026-11-22 18:00:00, which is no longer alive"], _told);
        Assert.Equal(Environment.ProcessId, RunLock.Holder(_folder.Path, _clock)?.Pid);
    }

    [Fact]
    public void A_process_that_got_the_id_of_a_dead_one_does_not_hold_its_lock()
    {
        Write(ProcessIdentity.Current with { Start = ProcessIdentity.Current.Start - 1 }, "box");

        Assert.Null(RunLock.Holder(_folder.Path, _clock));
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(60, false)]
    public void Of_a_run_on_another_machine_the_heartbeat_counts(int seconds, bool held)
    {
        Write(ProcessIdentity.Current with { Boot = "another" }, "far");

        _clock.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(held, RunLock.Holder(_folder.Path, _clock) is not null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"pid\": 1")]
    [InlineData("{\"pid\": 1}")]
    [InlineData("{\"pid\":1,\"process_start\":1,\"host\":null,\"boot\":\"\",\"pid_namespace\":\"\",\"since\":\"2026-11-22T18:00:00Z\"}")]
    public void Of_a_damaged_lock_the_time_of_the_file_counts(string text)
    {
        File.WriteAllText(Lock, text);
        File.SetLastWriteTimeUtc(Lock, _clock.GetUtcNow().UtcDateTime);

        var e = Assert.Throws<RunException>(Take);
        _clock.Advance(TimeSpan.FromSeconds(60));
        using var taken = Take();

        Assert.Equal($"the run directory '{_folder.Path}' is held by an unreadable lock of 2026-11-22 18:00:00; if no run goes on there, try again in a minute", e.Message);
        Assert.Equal($"took over '{_folder.Path}' from an unreadable lock of 2026-11-22 18:00:00, which is no longer alive", Assert.Single(_told));
    }

    [Fact]
    public void The_heartbeat_goes_on_every_ten_seconds()
    {
        using var taken = Take();

        _clock.Advance(TimeSpan.FromSeconds(34));

        Assert.Equal(new DateTimeOffset(2026, 11, 22, 18, 0, 30, TimeSpan.Zero), RunLock.Holder(_folder.Path, _clock)?.Heartbeat);
        Assert.False(taken.Lost.IsCancellationRequested);
    }

    [Fact]
    public void A_lock_that_became_that_of_another_is_told_and_left_alone()
    {
        var taken = Take();
        Write(ProcessIdentity.Current with { Boot = "another" }, "far");
        var text = File.ReadAllText(Lock);

        _clock.Advance(TimeSpan.FromSeconds(10));
        var lost = taken.Lost.IsCancellationRequested;
        taken.Dispose();

        Assert.True(lost);
        Assert.Equal(text, File.ReadAllText(Lock));
    }

    [Fact]
    public async Task Of_many_that_race_for_a_dead_lock_exactly_one_wins()
    {
        for (var round = 0; round < 20; round++)
        {
            Write(ProcessIdentity.Current with { Start = -1 }, "box");
            using var together = new Barrier(8);

            var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(() => TryTake(together), TaskCreationOptions.LongRunning)));

            Assert.Single(taken.OfType<RunLock>()).Dispose();
        }
    }

    [Fact]
    public void A_folder_that_is_not_there_is_held_by_nobody_and_cannot_be_taken()
    {
        var gone = _folder["gone"];

        Assert.Null(RunLock.Holder(gone, _clock));
        Assert.StartsWith($"cannot lock '{gone}': ", Assert.Throws<RunException>(() => RunLock.Take(gone, _clock, _told.Add)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_whose_folder_was_removed_is_given_back_quietly()
    {
        var run = Directory.CreateDirectory(_folder["run"]).FullName;
        var taken = RunLock.Take(run, _clock, _told.Add);
        Directory.Delete(run, recursive: true);

        taken.Dispose();
        taken.Dispose();

        Assert.False(Directory.Exists(run));
    }

    public void Dispose() => _folder.Dispose();

    private static Process Child() => Process.Start("sleep", "1000");

    private static void Kill(Process child)
    {
        child.Kill();
        child.WaitForExit();
    }

    private RunLock Take() => RunLock.Take(_folder.Path, _clock, _told.Add);

    private RunLock? TryTake(Barrier together)
    {
        together.SignalAndWait();
        try
        {
            return RunLock.Take(_folder.Path, _clock, _ => { });
        }
        catch (RunException)
        {
            return null;
        }
    }

    private void Write(ProcessIdentity process, string host)
    {
        File.WriteAllText(Lock, LockHolder.TextOf(process, host, _clock.GetUtcNow()));
        File.SetLastWriteTimeUtc(Lock, _clock.GetUtcNow().UtcDateTime);
    }
}
