using InMARS.Pipeline.Graphs;
using InMARS.Pipeline.Runs;
using InMARS.Stages.Shards;

namespace InMARS.Cli.Planning;

/// <summary>What is known of one flow before it runs, and what follows from that for the whole of it.</summary>
/// <param name="Items">Images of an epoch; null where nothing tells how many there are.</param>
/// <param name="Survey">What its images are; null where its source gives none from all over, or none that are images.</param>
/// <param name="First">A trial of few images, whose speed is that of a cold start; null where the flow did not come to its end.</param>
/// <param name="Second">A trial of more, from which everything is extrapolated; null as <paramref name="First"/>.</param>
internal sealed record FlowFigures(FlowInput Input, int Epochs, long? Items, SampleSurvey? Survey, TrialFlow? First, TrialFlow? Second)
{
    /// <summary>Bytes that items alive at once may have, by the capacities of the stages and the memory budget; 0 where nothing tells.</summary>
    public long MostAlive { get; init; }

    /// <summary>Files that folders of the run directory get at most, however many images there are.</summary>
    public IReadOnlyDictionary<string, long> MostFiles { get; init; } = new Dictionary<string, long>();

    public string Flow => Input.Flow;

    /// <summary>Images over all epochs.</summary>
    public long? All => Items * Epochs;

    /// <summary>Images a second in the trial; null where there was none.</summary>
    public double? PerSecond => Second?.Summary is { Read: > 0 and var read, Elapsed.TotalSeconds: > 0 and var seconds } ? read / seconds : null;

    /// <summary>How long all of it takes; null where speed or number are not known.</summary>
    public TimeSpan? Time => All / PerSecond is { } seconds and < 1e11 ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>Most memory of the process, in bytes: that of the trial, and what more items alive at once add.</summary>
    public long? Memory => Second is { } trial
        ? Math.Max(First?.PeakResident ?? 0, trial.PeakResident) + Math.Max(0, MostAlive - trial.Summary.PeakBytes)
        : null;

    /// <summary>Bytes that it writes: what both trials wrote, as a line over their images, up to the files that a folder gets at most.</summary>
    public long? Written => Second is { } more && All is { } all
        ? more.Written.Sum(folder => Extrapolated(folder.Key, First?.Written.GetValueOrDefault(folder.Key) ?? default, (all, First?.Summary.Read ?? 0, more.Summary.Read)))
        : null;

    /// <summary>Bytes that it leaves in the cache: an image once, however many epochs there are.</summary>
    public long? Cached => Second is { ItemsOfEpoch: > 0 } trial && Items is { } items ? (long)((double)trial.Cached * items / trial.ItemsOfEpoch) : null;

    private long Extrapolated(string folder, FileCount few, (long All, long Few, long More) images)
    {
        var more = Second!.Written[folder];
        var (from, to) = images.More > images.Few ? (few.Bytes, images.More - images.Few) : (0, Math.Max(1, images.More));
        var each = (double)(more.Bytes - from) / to;
        var line = (long)(more.Bytes + (Math.Max(0, each) * (images.All - images.More)));
        var most = MostFiles.TryGetValue(folder, out var files) && more.Files > 0 ? Math.Max(more.Bytes, more.Bytes / more.Files * files) : long.MaxValue;
        return Math.Clamp(line, 0, most);
    }
}
