using System.Diagnostics;
using InMARS.Pipeline.Runs;

namespace InMARS.Soak;

/// <summary>The same run twice, once left alone and once not, and what is not the same afterwards.</summary>
internal sealed class Soak(SoakOptions options, Action<string> say)
{
    private const int DoneWithRejects = 3;

    /// <summary>Seconds that a mishap costs besides the time before it: the end of one process, the start of the next, the work between.</summary>
    private const double SecondsAMishap = 4;

    /// <summary>Seconds of an average mishap of a long soak.</summary>
    private const double SecondsBetween = 40;

    /// <summary>Seconds for the stall, the disks, the trial and the shards.</summary>
    private const double SecondsOnce = 25;

    /// <summary>What the run over many images does in a second, its shards included.</summary>
    private const double ManyASecond = 1000;

    private readonly Tally _tally = new(say);

    /// <summary>Runs everything; nothing of it runs or is mounted any more on return.</summary>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public async Task<SoakReport> RunAsync(CancellationToken stop)
    {
        var damaged = NightShards.Write(Folder("data"), options);
        var epochs = options.Epochs > 0 ? options.Epochs : await EpochsAsync(stop);
        say($"{options.Images} images, {damaged.Count} of them damaged; {epochs} epochs");
        var undisturbed = Place("undisturbed", epochs);
        var alone = await AloneAsync(undisturbed, stop);

        var (disk, noDisk) = await SmallDisk.MountAsync(Folder("disturbed"));
        await using var mounted = disk;
        var disturbed = Place("disturbed", epochs);
        var trials = Trial.Draw(options, alone.TotalSeconds, disk is not null);
        var start = Stopwatch.GetTimestamp();
        await new Ordeal(disturbed, disk, _tally).RunAsync(trials, stop);
        var troubled = Stopwatch.GetElapsedTime(start);

        RequireAll(trials);
        var (files, memory) = Compare(undisturbed, disturbed, epochs, damaged);
        await KeepAsync(disturbed, mounted: disk is not null);
        var plenty = await new Plenty(options, Built("InMARS.Cli", "inmars"), say, _tally).RunAsync(stop);
        return new SoakReport(options.Minutes, options.Seed, _tally, noDisk, options.Images, epochs, damaged.Count, files, alone, troubled, memory, plenty);
    }

    /// <summary>What is on the tmpfs is gone with it; where something is wrong somebody will want to look.</summary>
    private Task KeepAsync(NightPlace place, bool mounted) =>
        mounted && _tally.Findings.Count > 0 ? Command.RunAsync("cp", "-r", place.Folder, Folder("disturbed-left")) : Task.CompletedTask;

    private string Folder(string name) => Path.Combine(options.Folder, name);

    private NightPlace Place(string name, int epochs) => new(
        Directory.CreateDirectory(Folder(name)).FullName, Built("InMARS.Cli", "inmars"), new NightFile(options, Folder("data"), Built("InMARS.Soak.Stages", "InMARS.Soak.Stages.dll"), epochs));

    /// <summary>What was built beside this.</summary>
    private static string Built(string project, string file) => Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "..", "..", project, Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), file));

    private static async Task<TimeSpan> AloneAsync(NightPlace place, CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        await using var process = place.Start();
        await process.WaitAsync(TimeSpan.MaxValue, () => false, stop);
        var (code, told) = await process.EndAsync(stop);
        return code == DoneWithRejects ? Stopwatch.GetElapsedTime(start) : throw new IOException($"the undisturbed run ended with exit code {code}: {told}");
    }

    /// <summary>As many as fit into the minutes, measured by a run of one, or as a run needs to meet every mishap.</summary>
    private async Task<int> EpochsAsync(CancellationToken stop)
    {
        var place = Place("measured", epochs: 1);
        var whole = await AloneAsync(place, stop);
        using var ledger = LedgerReader.Open(place.Run);
        var epoch = ledger.Flows()[0].Elapsed;
        var slower = 1 + (SecondsAMishap / (SecondsBetween * options.Scale));
        var seconds = ((60 * options.Minutes) - SecondsOnce - (options.ManyImages / ManyASecond)) / (1 + slower);
        return 1 + (int)Math.Max(1, Math.Max(Trial.NeededSeconds(options), seconds - whole.TotalSeconds) / epoch.TotalSeconds);
    }

    private void RequireAll(IReadOnlyList<Trial> trials)
    {
        foreach (var mishap in trials.Select(t => t.Mishap).Distinct())
        {
            _tally.Require(_tally.Of(mishap) > 0, () => $"the run was done before there was a {mishap}");
        }
    }

    private (int Files, MemoryTrend? Memory) Compare(NightPlace undisturbed, NightPlace disturbed, int epochs, IReadOnlyList<Damaged> damaged)
    {
        foreach (var place in new[] { undisturbed, disturbed })
        {
            new Books(place, options, epochs, damaged, _tally).Check();
        }

        var expected = Results.Of(undisturbed.Run);
        Results.Compare(expected, Results.Of(disturbed.Run), _tally);
        var memory = MemoryTrend.OfLongestSession(undisturbed.Run);
        _tally.Require(memory is { IsFlat: true }, () => $"memory is not flat: {memory}");
        return (expected.Count, memory);
    }
}
