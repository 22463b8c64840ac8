namespace InMARS.Soak;

/// <summary>
/// The disturbed run: one process after the other, each with a mishap, until it is done. A run that is done before each kind of mishap
/// has come is begun again for those that are left, since machines are now faster, now slower than they were when it was measured.
/// </summary>
internal sealed class Ordeal(NightPlace place, SmallDisk? disk, Tally tally)
{
    private const int Killed = 128 + 9;
    private const int Resumable = 75;
    private const int Failed = 1;
    private const int DoneWithRejects = 3;

    /// <summary>Of a session that finds nothing left to do: the one before it was killed between its last write and its end.</summary>
    private const int NothingLeft = 0;
    private const long JustTooLittle = (NightFile.FloorMb << 20) - (64 << 10);
    private const long NextToNothing = 16 << 10;
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);

    public async Task RunAsync(IReadOnlyList<Trial> trials, CancellationToken stop)
    {
        var met = 0;
        for (var i = 0; i < trials.Count; i++)
        {
            if (!await MeetAsync(trials[i], stop))
            {
                met++;
                continue;
            }

            if (met == 0 || trials.All(t => tally.Of(t.Mishap) > 0))
            {
                return;
            }

            tally.Say("done, and begun again for what has not come yet");
            place.Empty();
            (met, i) = (0, i - 1);
        }

        await using var process = Start(Mood.Usual);
        var (code, told) = await process.EndAsync(stop);
        tally.Require(IsDone(code), () => $"the last session ended with {code}: {told}");
    }

    /// <returns>Whether the run is done.</returns>
    private async Task<bool> MeetAsync(Trial trial, CancellationToken stop)
    {
        var before = place.FlowsStarted;
        await using var process = Start(MoodFor(trial.Mishap));
        if (!trial.AtStart)
        {
            await process.WaitAsync(StartPatience, () => place.FlowsStarted > before, stop);
        }

        await process.WaitAsync(trial.After, () => false, stop);
        var early = process.HasEnded;
        await (early ? Task.CompletedTask : BringAboutAsync(trial.Mishap, process));
        var (code, told) = await process.EndAsync(stop);
        await RepairAsync(trial.Mishap);
        if (IsDone(code))
        {
            return true;
        }

        tally.Say($"{trial.Mishap} after {trial.After.TotalSeconds:0.0} s{(trial.AtStart ? " of the start" : "")}: exit code {code}");
        tally.Require(!early, () => $"the run ended with exit code {code} before the {trial.Mishap}: {told}");
        if (!early)
        {
            tally.Count(trial.Mishap);
            Judge(trial.Mishap, code, told);
        }

        return false;
    }

    private static bool IsDone(int code) => code is DoneWithRejects or NothingLeft;

    private NightProcess Start(Mood mood)
    {
        tally.Resumes += place.HasBegun ? 1 : 0;
        return place.Start(mood);
    }

    private static Mood MoodFor(Mishap mishap) => mishap switch
    {
        Mishap.Stall => Mood.Impatient,
        Mishap.FullDisk => Mood.Reckless,
        _ => Mood.Usual,
    };

    private Task BringAboutAsync(Mishap mishap, NightProcess process)
    {
        switch (mishap)
        {
            case Mishap.Terminate:
                return process.SignalAsync("TERM");
            case Mishap.Interrupt:
                return process.SignalAsync("INT");
            case Mishap.Stall:
                return File.WriteAllTextAsync(place.Marker, "");
            case Mishap.ScarceDisk:
                return disk!.LeaveAsync(JustTooLittle);
            case Mishap.FullDisk:
                return disk!.LeaveAsync(NextToNothing);
            default:
                process.Kill();
                return Task.CompletedTask;
        }
    }

    private Task RepairAsync(Mishap mishap) => mishap is Mishap.ScarceDisk or Mishap.FullDisk ? disk!.RestoreAsync() : Task.CompletedTask;

    private void Judge(Mishap mishap, int code, string told)
    {
        var expected = mishap switch
        {
            Mishap.Kill => Killed,
            Mishap.FullDisk => Failed,
            _ => Resumable,
        };
        tally.Require(code == expected, () => $"{mishap}: expected exit code {expected}, found {code}: {told}");
        switch (mishap)
        {
            case Mishap.Stall:
                JudgeStall(told);
                break;
            case Mishap.ScarceDisk:
                Expect(mishap, told, "run.min_free_mb");
                break;
            case Mishap.FullDisk:
                tally.Require(
                    told.Contains("No space left", StringComparison.Ordinal) || told.Contains("disk is full", StringComparison.Ordinal),
                    () => $"{mishap}: the disk is not said to be full: {told}");
                break;
        }
    }

    private void JudgeStall(string told)
    {
        var item = File.ReadAllText(place.Marker);
        File.Delete(place.Marker);
        Expect(Mishap.Stall, told, $"soak.hold has been at {item} for");
        tally.Require(
            item.Length > 0 && place.Events.Any(line => line.Contains("\"kind\":\"stall\"", StringComparison.Ordinal) && line.Contains(item, StringComparison.Ordinal)),
            () => $"{Mishap.Stall}: events.jsonl does not tell what every stage was at, '{item}' among it");
    }

    private void Expect(Mishap mishap, string told, string part) =>
        tally.Require(told.Contains(part, StringComparison.Ordinal), () => $"{mishap}: expected '{part}' to be said, found: {told}");
}
