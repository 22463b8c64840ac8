using InMARS.Pipeline.Configuration;

namespace InMARS.Cli.Planning;

/// <summary>Items that would be refused, and how that was found.</summary>
/// <param name="Stage">What refuses them; null where a flow cannot run at all.</param>
/// <param name="Count">Items that were found.</param>
/// <param name="Of">Items that were looked at; null where that means nothing.</param>
/// <param name="First">Where the first was found and what was wrong with it.</param>
internal sealed record Refusal(string Flow, string? Stage, long Count, long? Of, string First);

/// <summary>What is known of a run before it begins.</summary>
/// <param name="Now">When it was planned.</param>
/// <param name="Checkpoint">Bytes of a checkpoint to resume from, the largest of the trial.</param>
/// <param name="Free">Bytes that are free where the run directory will be.</param>
/// <param name="MemoryLimit">Bytes of memory that there are.</param>
internal sealed record RunFigures(
    RunPlan Plan, IReadOnlyList<FlowFigures> Flows, IReadOnlyList<Refusal> Refusals, DateTimeOffset Now, long Checkpoint, long Free, long MemoryLimit)
{
    /// <summary>How long all flows take together; null where one of them is not known.</summary>
    public TimeSpan? Time => Flows.All(f => f.Time is not null) ? TimeSpan.FromSeconds(Flows.Sum(f => f.Time!.Value.TotalSeconds)) : null;

    /// <summary>Most memory of any flow, in bytes; null where nothing ran.</summary>
    public long? Memory => Flows.Max(f => f.Memory);

    /// <summary>Bytes of the run directory: what the flows write, and the checkpoints that are kept; null where a flow is not known.</summary>
    public long? Written => Flows.All(f => f.Written is not null) ? Flows.Sum(f => f.Written) + (Checkpoint * Plan.Settings.KeepCheckpoints) : null;

    /// <summary>Bytes that flows leave in the cache, as far as they are known.</summary>
    public long Cached => Flows.Sum(f => f.Cached ?? 0);

    /// <summary>When it ends if it is started now; null where that is not known.</summary>
    public DateTimeOffset? Finish => Time is { } time && time < DateTimeOffset.MaxValue - Now ? Now + time : null;

    /// <summary>The flow that takes most of the time; null where none is known.</summary>
    public FlowFigures? Longest => Flows.Where(f => f.Time is not null).MaxBy(f => f.Time);

    /// <summary>Whether memory and disk are enough, as far as they are known.</summary>
    public bool Fits => !(Memory > MemoryLimit) && !(Written + Cached > Free);

    /// <summary>Images that all trials together were extrapolated from.</summary>
    public long TrialItems => Flows.Sum(f => f.Second?.Summary.Read ?? 0);
}
