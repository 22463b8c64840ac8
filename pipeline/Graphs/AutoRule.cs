namespace InMARS.Pipeline.Graphs;

/// <summary>What a stage takes, as measured on the first items of a flow.</summary>
/// <param name="Milliseconds">Time of a call, 0 or more.</param>
/// <param name="Calls">Calls for one item of the source, 0 or more: an eighth behind a batch of 8.</param>
/// <param name="Sequential">Whether it takes one item at a time by its nature.</param>
/// <param name="Threads">Cores that one call keeps busy, 1 or more.</param>
/// <param name="Gathers">Inputs that one of its outputs holds, 1 or more.</param>
public sealed record StageLoad(string Stage, double Milliseconds, double Calls, bool Sequential = false, int Threads = 1, int Gathers = 1)
{
    /// <summary>Time for one item of the source, in milliseconds.</summary>
    public double Work => Milliseconds * Calls;
}

/// <summary>How a stage runs.</summary>
/// <param name="Work">Time for one item of the source that this follows from, in milliseconds.</param>
/// <param name="Parallelism">Kernels at work at once, 1 or more.</param>
/// <param name="Capacity">Messages that it holds, those in hand included.</param>
public sealed record StageSetting(string Stage, double Work, int Parallelism, int Capacity);

/// <summary>
/// Parallelism and capacity of stages that name none, from what they take: nothing but this function and measured times decide. See docs/adr/0018.
/// </summary>
public static class AutoRule
{
    /// <summary>Messages a stage holds for each kernel at work: one in hand, and the next.</summary>
    private const int HeldByEach = 2;

    /// <summary>
    /// The least time between two items, in milliseconds: that of the slowest stage that takes one at a time, or that of all the work
    /// over all cores, whichever is more.
    /// </summary>
    public static double Pace(IReadOnlyList<StageLoad> stages, int cores) => Math.Max(
        stages.Where(s => s.Sequential).Select(s => s.Work).DefaultIfEmpty(0).Max(),
        stages.Sum(s => s.Work * Math.Min(s.Threads, cores)) / cores);

    /// <summary>
    /// As many kernels as keep up with the pace, and one more, so that none waits for another by chance: floor(work / pace) + 1, at
    /// most one a core. Twice as many messages, what the stage before gives at once, and what a batch gathers.
    /// </summary>
    /// <param name="cores">1 or more.</param>
    /// <returns>One setting a stage. All parallelism together is at most the cores and the stages.</returns>
    public static IReadOnlyList<StageSetting> Of(IReadOnlyList<StageLoad> stages, int cores)
    {
        var pace = Pace(stages, cores);
        return [.. stages.Select((stage, i) => Of(stage, i == 0 ? stage : stages[i - 1], pace, cores))];
    }

    private static StageSetting Of(StageLoad stage, StageLoad before, double pace, int cores)
    {
        var parallelism = stage.Sequential || pace <= 0 ? 1 : (int)Math.Min(cores, Math.Floor(stage.Work / pace) + 1);
        var atOnce = before.Calls > 0 && stage.Calls > before.Calls ? (int)Math.Ceiling(stage.Calls / before.Calls) : 0;
        return new StageSetting(stage.Stage, stage.Work, parallelism, (HeldByEach * parallelism) + atOnce + stage.Gathers - 1);
    }
}

/// <summary>What the stages of a flow run with, and what follows from that.</summary>
/// <param name="Cores">Cores of the machine.</param>
/// <param name="PaceMs">As <see cref="AutoRule.Pace"/>.</param>
/// <param name="Alive">Items of the source that may be alive at once.</param>
/// <param name="After">Items of the source after which it was set; null where the flow ended before.</param>
public sealed record AutoSetting(int Cores, double PaceMs, long Alive, long? After, IReadOnlyList<StageSetting> Stages);
