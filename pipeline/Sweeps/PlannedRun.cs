using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Sweeps;

/// <summary>One run of a sweep, with all that it takes to run it.</summary>
/// <param name="Task">What is to be solved: a base with its data and classes.</param>
/// <param name="Variant">How it is solved.</param>
/// <param name="Resolved">Its run file with every value written out.</param>
public sealed record PlannedRun(string Task, string Variant, long Seed, RunSettings Settings, string Resolved)
{
    /// <summary>The run directory; beside it lie its run file and its log.</summary>
    public string Directory => Settings.Directory;

    public string RunFile => Directory + ".yaml";

    public string Log => Directory + ".log";

    /// <summary>The last part of a run directory: <c>seed-001</c>.</summary>
    internal static string Folder(long seed) => $"seed-{seed:000}";

    internal static PlannedRun Of(string task, string variant, RunPlan plan) => new(task, variant, plan.Settings.Seed, plan.Settings, plan.Resolved);

    /// <summary>What the sweep itself sets in every run file.</summary>
    internal static IReadOnlyList<Override> Own(string output, long seed) =>
    [
        Overrides.Of("run.name", Folder(seed)),
        Overrides.Of("run.output", output),
        Overrides.Of("run.seed", $"{seed}"),
        Overrides.Of("run.repeats", "1"),
    ];
}
