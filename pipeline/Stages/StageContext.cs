using System.Text.Json.Nodes;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Stages;

/// <summary>What an opened stage, source or sink may know of the run around it. Effects start here.</summary>
public interface IStageContext
{
    /// <summary>Name of the flow, as in the run file.</summary>
    string Flow { get; }

    /// <summary>Name of this stage, made unique within its flow: a second <c>image.crop</c> is <c>image.crop#2</c>.</summary>
    string Stage { get; }

    /// <summary>Passes over the source in this flow.</summary>
    int Epochs { get; }

    RunSettings Run { get; }

    TimeProvider Time { get; }

    /// <summary>Path below the run directory; parent folders exist on return.</summary>
    string PathInRun(params ReadOnlySpan<string> parts);

    /// <summary>Writes one event to the run's log, and a line of text to the console when <paramref name="message"/> is given.</summary>
    void Log(string kind, string? message = null, JsonObject? data = null);

    /// <summary>Shows live figures, such as the current loss, beside the progress of the flow.</summary>
    void Show(string name, double value);

    /// <summary>Tells, as the stage opens, that one call of its kernel keeps so many cores busy by threads of its own.</summary>
    void UsesThreads(int threads)
    {
    }

    /// <summary>Tells that a file with what became of an input shard has its final name.</summary>
    void Wrote(string shard, string path)
    {
    }

    /// <summary>
    /// Asked by a source that failed to read: whether it is to try again, as its <c>on_fault</c> says. Returns when it is time to.
    /// </summary>
    /// <param name="what">What could not be read.</param>
    /// <param name="attempt">How often it has been tried, from 1.</param>
    bool TryAgain(string what, Fault fault, int attempt) => false;

    /// <summary>For a source: arrays for the item that it makes next, to be handed over in <see cref="Sourced{T}.Arrays"/>; null where the flow uses none again.</summary>
    ItemArrays? ArraysOfNext() => null;

    /// <summary>Adds a result to <c>metrics.json</c> and to the summary.</summary>
    void Report(StageReport report);
}

/// <summary>A result of a stage or sink.</summary>
/// <param name="Kind">What it is, such as <c>evaluate.hungarian</c>.</param>
/// <param name="Headline">Few named numbers for the summary table, such as accuracy; in the order they are to be shown.</param>
/// <param name="Notes">Sentences for the summary: the protocol, a warning, where files lie.</param>
/// <param name="Detail">Everything else, for <c>metrics.json</c>.</param>
public sealed record StageReport(
    string Kind,
    IReadOnlyList<KeyValuePair<string, double>> Headline,
    IReadOnlyList<string> Notes,
    JsonObject? Detail = null)
{
    /// <summary>What tells it from other reports of the same stage, such as <c>last</c>; null where there is one.</summary>
    public string? Row { get; init; }
}

/// <summary>The <c>run:</c> part of a run file.</summary>
/// <param name="Name">Name of the run and of its directory below <paramref name="Output"/>.</param>
/// <param name="Seed">Seed of everything random in the run.</param>
/// <param name="Output">Folder that holds the run directories.</param>
/// <param name="Device"><c>auto</c>, <c>cpu</c> or <c>cuda</c>.</param>
/// <param name="Threads">Threads of numeric libraries inside one stage; 0 means all cores.</param>
/// <param name="MemoryMb">Budget for items alive in the graph, in MiB; 0 means a quarter of what the cgroup or the machine has.</param>
/// <param name="Cache">Folder for results that later epochs and runs may use again.</param>
/// <param name="Rejects">What becomes of faults.</param>
/// <param name="Repeats">Runs with seeds that count up from <paramref name="Seed"/>, 1 or more.</param>
public sealed record RunSettings(
    string Name,
    long Seed,
    string Output,
    string Device,
    int Threads,
    int MemoryMb,
    string Cache,
    RejectPolicy Rejects,
    int Repeats = 1)
{
    public string Directory => Path.Combine(Output, Name);

    /// <summary>Run directory whose models are those of this run, where it is a later part of another one; otherwise null.</summary>
    public string? ModelsFrom { get; init; }

    /// <summary>Minutes between checkpoints, above 0; borders of flows and epochs have one of their own.</summary>
    public double CheckpointMinutes { get; init; } = 10;

    /// <summary>Checkpoints that are kept, 1 or more.</summary>
    public int KeepCheckpoints { get; init; } = 3;

    /// <summary>Time of the local clock at which the run stops; none to go on.</summary>
    public TimeOnly? Deadline { get; init; }

    /// <summary>Hours after which each process stops; 0 for none.</summary>
    public double MaxHours { get; init; }

    /// <summary>Minutes without any progress of any stage after which the run stops.</summary>
    public double StallMinutes { get; init; } = 30;

    /// <summary>Seconds that a kernel may be at one item in stages that name none of their own; 0 for any time.</summary>
    public double ItemTimeoutSeconds { get; init; }

    /// <summary>Room on the disk of the run below which it stops, in MiB.</summary>
    public long MinFreeMb { get; init; } = 256;

    /// <summary>Seconds that a flow may take to come to a border once it is to stop; then it stops where it is, and the last checkpoint holds.</summary>
    public double StopSeconds { get; init; } = 60;
}

/// <summary>How many faults a run bears.</summary>
/// <param name="OnFault">Policy for stages that have none of their own: skip or stop.</param>
/// <param name="Max">Most rejected items in a run before it stops; negative means no limit.</param>
/// <param name="MaxShare">Most rejected items as a share of the items read, 0 to 1; checked at each flow's end and from 100 items on.</param>
public sealed record RejectPolicy(OnFault OnFault = OnFault.Skip, long Max = -1, double MaxShare = 1);
