namespace InMARS.Pipeline.Sweeps;

/// <summary>A run of a sweep and what became of it.</summary>
/// <param name="Record">What it left; null where it has not reached its end.</param>
/// <param name="Trouble">Why it has not; null where it has.</param>
public sealed record SweepRun(PlannedRun Plan, RunRecord? Record, string? Trouble)
{
    public override string ToString() => $"{Plan.Task} / {Plan.Variant} / seed {Plan.Seed}";
}
