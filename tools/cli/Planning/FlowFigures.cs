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

    /// <summary>Bytes that it writes: what both trials wrote, as a line over their images.</summary>
    public long? Written
    {
        get
        {
            if (First is not { } few || Second is not { } more || All is not { } all)
            {
                return null;
            }

            var (from, to) = (few.Summary.Read, more.Summary.Read);
            var each = to > from ? (double)(more.Written - few.Written) / (to - from) : to > 0 ? (double)more.Written / to : 0;
            return Math.Max(0, (long)(more.Written + (Math.Max(0, each) * (all - to))));
        }
    }

    /// <summary>Bytes that it leaves in the cache: an image once, however many epochs there are.</summary>
    public long? Cached => Second is { Summary.Read: > 0 } trial && Items is { } items
        ? (long)((double)trial.Cached * items * Trial.Epochs(Epochs) / trial.Summary.Read)
        : null;
}
