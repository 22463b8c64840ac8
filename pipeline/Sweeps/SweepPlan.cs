using InMARS.Pipeline.Configuration;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Sweeps;

/// <summary>Runs that belong together, in the order in which they are made.</summary>
/// <param name="Directory">Folder of the tables; the run directories lie below it.</param>
/// <param name="Runs">By task, then by variant, then by seed.</param>
public sealed record SweepPlan(string Name, string Directory, IReadOnlyList<PlannedRun> Runs)
{
    public IReadOnlyList<string> Tasks => [.. Runs.Select(r => r.Task).Distinct()];

    public IReadOnlyList<string> Variants => [.. Runs.Select(r => r.Variant).Distinct()];

    public IReadOnlyList<long> Seeds => [.. Runs.Select(r => r.Seed).Distinct()];

    /// <summary>The repeats of a run file, each in a directory below that of the run: <c>runs/NAME/seed-001</c>.</summary>
    /// <param name="first">The file as it was read with these overrides.</param>
    public static Validated<SweepPlan> OfRepeats(string path, IReadOnlyList<string> overrides, RunPlan first, IReadOnlyList<IStageModule> builtIn)
    {
        var (name, directory) = (first.Settings.Name, first.Settings.Directory);
        return Enumerable.Range(0, first.Settings.Repeats)
            .Select(i => RunFile.ReadWith(path, [.. overrides.Select(Overrides.Of), .. PlannedRun.Own(directory, first.Settings.Seed + i)], builtIn))
            .Gather()
            .Map(plans => new SweepPlan(name, directory, [.. plans.Select(plan => PlannedRun.Of(name, name, plan))]));
    }
}
